using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Finds the vehicles whose motion is behind and that nobody is about to wake: a
/// late fix that was not folded in, fixes of a van that has gone silent after the last fold, a van that stood when it fell
/// silent and still counts as driving. So what a crash or a failed save left undone waits neither for the next fix nor for a
/// reader. Who sends looks after itself.
/// </summary>
/// <param name="source"></param>
/// <param name="settle">Wakes one vehicle's grain and has it settle.</param>
/// <param name="time"></param>
/// <param name="options"></param>
/// <param name="logger"></param>
internal sealed partial class MotionWatch(
    NpgsqlDataSource source, Func<Guid, Task> settle, TimeProvider time, IOptions<PositionOptions> options, ILogger<MotionWatch> logger)
    : VehicleWatch(Interval, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Whom a person has drive again after that is left alone.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromHours(1);

    /// <summary>Vehicles that are woken at the same time.</summary>
    private const int AtOnce = 8;

    // Of a vehicle whose newest fix is older than any that may still come there is nothing left to fold.
    private const string SelectBehind = """
        SELECT v.id FROM vehicle v LEFT JOIN vehicle_motion m ON m.vehicle_id = v.id
        WHERE EXISTS (SELECT FROM vehicle_late_fix f WHERE f.vehicle_id = v.id)
            OR (v.last_location_update BETWEEN $1 AND $2
                AND (coalesce((m.state #>> '{head,fix_time}')::timestamptz < v.last_location_update, true)
                    OR (v.operational_status = 'driving' AND (m.state ->> 'stops_at')::timestamptz BETWEEN $3 AND $4)))
        """;

    public override async Task<int> LookAsync(CancellationToken cancellation)
    {
        var behind = new List<Guid>();
        var now = Time.GetUtcNow();
        await using (var command = source.CreateCommand(SelectBehind))
        {
            command.Parameters.Add(Sql.Time(now - options.Value.MaxAge));
            command.Parameters.Add(Sql.Time(now - options.Value.StaleAfter));
            command.Parameters.Add(Sql.Time(now - StopsWithin));
            command.Parameters.Add(Sql.Time(now));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                behind.Add(row.GetGuid(0));
            }
        }

        await Parallel.ForEachAsync(
            behind, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (vehicle, _) => await SettleAsync(vehicle));
        return behind.Count;
    }

    private async Task SettleAsync(Guid vehicle)
    {
        try
        {
            await settle(vehicle);
        }
        // Whatever keeps one vehicle from settling, the others go on, and the next look finds it again.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotSettled(Logger, vehicle, fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The motion of vehicle {VehicleId} is behind and could not be settled; tried again soon")]
    private static partial void LogNotSettled(ILogger logger, Guid vehicleId, Exception fault);
}
