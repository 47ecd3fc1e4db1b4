using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// Keeps what grows by time in bounds: soon after the start and then hourly, it has every feature delete its expired rows. Every host runs
/// it; where two do the same, the second finds nothing left.
/// </summary>
public sealed class RetentionService(IEnumerable<IExpiringRows> expiring, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    /// <summary>The time between two runs.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>
    /// The time from the host's start to its first run: clear of the start, which made the partitions, and soon enough
    /// for a host that never lives an hour.
    /// </summary>
    public static readonly TimeSpan FirstRun = TimeSpan.FromMinutes(1);

    /// <summary>One run: every task, whether or not another failed.</summary>
    internal async Task RunOnceAsync(CancellationToken ct)
    {
        foreach (var rows in expiring)
        {
            await TryAsync(rows.Task, () => rows.DeleteExpiredAsync(ct), ct);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstRun, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = Period;
                await RunOnceAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryAsync(string task, Func<Task<long>> run, CancellationToken ct)
    {
        try
        {
            var count = await run();
            if (count > 0)
                logger.LogInformation("Retention: {Task}: {Count}", task, count);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogError(e, "Retention could not {Task}; tried again in {Period}", task, Period);
        }
    }
}
