using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>
/// Has days of positions settled, soon after the start and then every <see cref="PositionOptions.SettleInterval"/>. Apart
/// from <see cref="RetentionService"/>, as the first time takes seconds for each million of fixes that are there.
/// </summary>
public sealed class PositionSettlingService(
    PositionSettling settling, TimeProvider time, IOptions<PositionOptions> options, ILogger<PositionSettlingService> logger) : BackgroundService
{
    /// <summary>
    /// The time from the host's start to its first run, where the interval is not shorter: clear of the start, and of
    /// retention's runs, which drop days under the same lock.
    /// </summary>
    public static readonly TimeSpan FirstRun = RetentionService.FirstRun * 2;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.SettleInterval;
        using var timer = new PeriodicTimer(interval < FirstRun ? interval : FirstRun, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = interval;
                await RunOnceAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RunOnceAsync(CancellationToken ct)
    {
        try
        {
            await settling.SettleAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogError(e, "Settling positions failed; tried again in {Interval}", options.Value.SettleInterval);
        }
    }
}
