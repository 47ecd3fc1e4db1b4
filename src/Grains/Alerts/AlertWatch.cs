using ChargeCars.Alerts.Sources;
using ChargeCars.Platform.Entities;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Alerts;

/// <summary>
/// Brings the alerts in line with the facts: raises what holds, once, and ends what does not hold any more. Of all hosts one looks, at
/// everything each minute, and at what takes a statement or two as soon as something has changed. It remembers nothing that a restart
/// could lose: what stands in the alerts is all that it goes by (docs/adr/0069).
/// </summary>
internal sealed partial class AlertWatch(
    IEnumerable<IAlertSource> sources, AlertStore store, IGrainFactory grains, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertWatch> logger)
    : BackgroundService
{
    private const string Everything = "everything";
    private const string Quick = "quick";

    // So many grains are asked at a time.
    private const int AtOnce = 64;

    private readonly IAlertSource[] _sources = [.. sources];

    /// <summary>Looks at everything, or at what is quick. How many alerts were written.</summary>
    public async Task<int> LookAsync(bool onlyQuick, CancellationToken cancellation)
    {
        var asked = _sources.Where(one => one.IsQuick || !onlyQuick).ToList();
        var standing = await store.StandingAsync(asked.SelectMany(one => one.Types), cancellation);
        var written = 0;
        foreach (var one in asked)
        {
            try
            {
                written += await LookAsync(one, [.. standing.Where(alert => one.Types.Contains(alert.AlertType))], cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // The others are asked all the same.
                LogNotRead(logger, one.GetType().Name, fault);
            }
        }

        return written;
    }

    /// <summary>
    /// Looks where it is this host's turn, and at the quick sources where something has changed since the sequence that it knows. The
    /// sequence that it knows then, and whether a look is still to be made.
    /// </summary>
    internal async Task<(long? Known, bool Pending)> TurnAsync(long? known, bool pending, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await store.ClaimAsync(Everything, options.Value.Interval, now, cancellation))
        {
            var (last, _) = await store.NewsAsync(null, cancellation);
            await LookAsync(onlyQuick: false, cancellation);
            return (last, false);
        }

        var (sequence, any) = await store.NewsAsync(known, cancellation);
        if (!any && !pending)
        {
            return (sequence, false);
        }

        // Where another host has just looked, it may have been a moment too early: this one asks again.
        if (!await store.ClaimAsync(Quick, options.Value.Soon / 2, now, cancellation))
        {
            return (sequence, true);
        }

        await LookAsync(onlyQuick: true, cancellation);
        return (sequence, false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Soon, time);
        var (known, pending) = ((long?)null, false);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    (known, pending) = await TurnAsync(known, pending, stoppingToken);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    LogNotLooked(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task<int> LookAsync(IAlertSource from, IReadOnlyList<Alert> standing, CancellationToken cancellation)
    {
        var written = 0;
        foreach (var some in AlertPlan.Of(await from.ReadAsync(standing, time.GetUtcNow(), cancellation), standing).Chunk(AtOnce))
        {
            written += (await Task.WhenAll(some.Select(ExecuteAsync))).Count(done => done);
        }

        return written;
    }

    // One that somebody has changed in the meantime is looked at again the next time.
    private async Task<bool> ExecuteAsync(PlannedAlert planned)
    {
        var context = new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System, planned.Version > 0 ? planned.Version : null);
        return (await grains.GetGrain<IEntityGrain<Alert>>(planned.Id).ExecuteAsync(planned.Command, context)).Succeeded;
    }

    [LoggerMessage(LogLevel.Warning, "{Source} could not be asked what needs somebody; asked again the next time")]
    private static partial void LogNotRead(ILogger logger, string source, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The facts could not be looked at; tried again at once")]
    private static partial void LogNotLooked(ILogger logger, Exception fault);
}
