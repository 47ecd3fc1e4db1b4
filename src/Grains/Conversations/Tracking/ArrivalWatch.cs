using ChargeCars.Conversations.Templates;
using ChargeCars.Planning;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Conversations.Tracking;

/// <summary>
/// Compares the arrivals that customers were told with those that are expected now. Every host looks; the link's grain decides, once. A van
/// that was not seen for a while may be anywhere: its range is wider, which is no news to anybody.
/// </summary>
internal sealed partial class ArrivalWatch(
    NpgsqlDataSource source, ArrivalBoard arrivals, IGrainFactory grains, IOptions<TrackingOptions> options, TimeProvider time, ILogger<ArrivalWatch> logger)
    : BackgroundService
{
    private const string SelectWatched = """
        SELECT l.id, l.visit_id, l.notices, coalesce((b.on_the_way ->> 'shift_minutes')::integer, 15)
        FROM visit v JOIN tracking_link l ON l.visit_id = v.id JOIN business_entity b ON b.entity_code = v.business_entity
            LEFT JOIN team t ON t.id = v.team_id JOIN vehicle w ON w.id = coalesce(v.vehicle_id, t.vehicle_id)
        WHERE v.status = 'en_route' AND l.notices > 0 AND l.notices < $1 AND l.told_until IS NOT NULL AND (b.on_the_way ->> 'is_on')::boolean
            AND w.last_location_update > $2
        """;

    /// <summary>Looks once. How many customers are to be told.</summary>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        var watched = await WatchedAsync(cancellation);
        if (watched.Count == 0)
        {
            return 0;
        }

        var (expected, told) = (await arrivals.NowAsync(), 0);
        foreach (var (link, visit, notices, shift) in watched)
        {
            if (!expected.TryGetValue(visit, out var forecast))
            {
                continue;
            }

            var arrival = ToldArrival.Of(forecast.Arrival.Earliest, forecast.Arrival.Expected, forecast.Arrival.Latest);
            // Of several hosts that find the same, the first one's command is everybody's.
            var context = new CommandContext(NameBasedId.Of($"{link}/moved/{notices}"), Actor.System, MayRepeat: true);
            var after = await grains.GetGrain<IEntityGrain<TrackingLink>>(link).ExecuteAsync(
                new TellMoved(arrival.From, arrival.Until, shift, options.Value.MostNotices), context);
            told += after.Value?.Notices > notices ? 1 : 0;
        }

        return told;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Watch, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
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

    private async Task<List<(Guid Link, Guid Visit, int Notices, int Shift)>> WatchedAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectWatched);
        command.Parameters.Add(Sql.Integer(options.Value.MostNotices));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - options.Value.PositionMaxAge));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var watched = new List<(Guid, Guid, int, int)>();
        while (await row.ReadAsync(cancellation))
        {
            watched.Add((row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3)));
        }

        return watched;
    }

    [LoggerMessage(LogLevel.Warning, "Expected arrivals could not be compared with what customers were told; tried again soon")]
    private static partial void LogNotLooked(ILogger logger, Exception fault);
}
