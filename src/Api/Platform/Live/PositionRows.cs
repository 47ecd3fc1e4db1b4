using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Positions out of the database while a stream of them is silent. When a silo is lost, Orleans may need its call time-out to
/// give its streams to another: the vehicles' rows, which follow the positions every two seconds, bridge that time.
/// </summary>
internal sealed partial class PositionRows(
    NpgsqlDataSource source, StreamSubscriptions streams, LiveDispatcher dispatcher, TimeProvider time, ILogger<PositionRows> logger) : BackgroundService
{
    private const string Moved = """
        SELECT id, last_location_update, current_location, operational_status FROM vehicle
        WHERE last_location_update > $1 AND current_location IS NOT NULL
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How far back a fix may be to be news; far more than it takes to notice the silence.</summary>
    private static readonly TimeSpan News = TimeSpan.FromSeconds(30);

    /// <summary>Handed over at once: as one array the whole fleet's were a large object.</summary>
    private const int AtOnce = 500;

    private bool _bridging;
    private bool _failing;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (streams.PositionsFlow)
            {
                if (_bridging)
                {
                    LogFlowing(logger);
                    _bridging = false;
                }

                continue;
            }

            if (!_bridging)
            {
                LogSilent(logger);
                _bridging = true;
            }

            try
            {
                await TakeAsync(time.GetUtcNow() - News, stoppingToken);
                _failing = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_failing)
                {
                    LogUnreadable(logger, fault);
                }

                _failing = true;
            }
        }
    }

    /// <summary>Hands over where vehicles are by their rows, if after a time; who knows a newer position keeps it.</summary>
    internal async Task TakeAsync(DateTimeOffset after, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Moved);
        command.Parameters.Add(Sql.Time(after));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var positions = new List<LivePosition>();
        while (await row.ReadAsync(cancellation))
        {
            var location = JsonSerializer.Deserialize<Location>(row.GetString(2), RowJson.Options)!;
            positions.Add(new(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), location.Latitude, location.Longitude, location.SpeedKmh,
                location.HeadingDegrees, location.AccuracyMeters, location.AltitudeMeters, WireText.Parse<VehicleStatus>(row.GetString(3))));
            if (positions.Count == AtOnce)
            {
                dispatcher.Take(new PositionsMoved(positions));
                positions = [];
            }
        }

        dispatcher.Take(new PositionsMoved(positions));
    }

    [LoggerMessage(LogLevel.Information, "A stream of positions is silent: they are read from the vehicles' rows")]
    private static partial void LogSilent(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Positions come from their stream again")]
    private static partial void LogFlowing(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Where the vehicles are can't be read from their rows")]
    private static partial void LogUnreadable(ILogger logger, Exception fault);
}
