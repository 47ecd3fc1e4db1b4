using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Motion;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>What an activation finds of a vehicle and its positions.</summary>
/// <param name="Vehicle">The vehicle by its row; null where there is none.</param>
/// <param name="Live">The newest on disk; null before the first.</param>
/// <param name="Motion">How far they were folded.</param>
/// <param name="HasLateFixes">Whether some came late and are not in its trips yet.</param>
/// <param name="Refusal">Why some were refused last; null where none was.</param>
internal sealed record LastKnown(Vehicle? Vehicle, LivePosition? Live, MotionCheckpoint Motion, bool HasLateFixes, LastRefusal? Refusal)
{
    public static LastKnown Nothing { get; } = new(null, null, MotionCheckpoint.None, false, null);
}

/// <summary>
/// Vehicles and where they were last, for activations: after a start all of them ask at once, so those that wait are answered by
/// one pair of queries on one connection. Whoever comes alone is asked for at once.
/// </summary>
internal sealed class NewestPositions(NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options)
{
    private static readonly int After = VehicleKind.Rows.Columns.Count;

    private static readonly string SelectVehicles = $"""
        SELECT {VehicleKind.Rows.ColumnListOf("v")}, v.last_location_update, v.current_location,
            EXISTS (SELECT FROM vehicle_late_fix f WHERE f.vehicle_id = v.id), to_jsonb(r), m.version, m.state, m.uncounted
        FROM vehicle v LEFT JOIN vehicle_motion m ON m.vehicle_id = v.id LEFT JOIN vehicle_refusal r ON r.vehicle_id = v.id
        WHERE v.id = ANY($1)
        """;

    // $3 and $4 bound all of them, as parameters of their own, so that planning opens only the partitions between.
    private const string SelectNewest = $"""
        SELECT v.id, newest.*
        FROM unnest($1::uuid[], $2::timestamptz[]) AS v(id, since) CROSS JOIN LATERAL (
            SELECT {PositionHistory.Fields} FROM vehicle_position
            WHERE vehicle_id = v.id AND fix_time >= v.since AND fix_time >= $3 AND fix_time <= $4
            ORDER BY fix_time DESC LIMIT 1) AS newest
        """;

    private const int GroupSize = 500;

    private readonly Lock _lock = new();
    private List<(Guid VehicleId, TaskCompletionSource<LastKnown> Answer)> _waiting = [];
    private bool _reading;

    /// <summary>
    /// The newer of the vehicle's row, which follows the positions in its own time, and the history since then. One
    /// whose row has no position yet is looked for among all fixes that may have come.
    /// </summary>
    public Task<LastKnown> FindAsync(Guid vehicleId)
    {
        var answer = new TaskCompletionSource<LastKnown>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((vehicleId, answer));
            if (!_reading)
            {
                _reading = true;
                _ = Task.Run(AnswerAllAsync);
            }
        }

        return answer.Task;
    }

    private async Task AnswerAllAsync()
    {
        while (true)
        {
            List<(Guid VehicleId, TaskCompletionSource<LastKnown> Answer)> group;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _reading = false;
                    return;
                }

                group = _waiting[..Math.Min(_waiting.Count, GroupSize)];
                _waiting = _waiting[group.Count..];
            }

            try
            {
                var found = await ReadAsync([.. group.Select(one => one.VehicleId)]);
                group.ForEach(one => one.Answer.TrySetResult(found.GetValueOrDefault(one.VehicleId, LastKnown.Nothing)));
            }
            // Whatever it was, those who asked hear of it, and the next ones are answered.
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                group.ForEach(one => one.Answer.TrySetException(fault));
            }
        }
    }

    private async Task<Dictionary<Guid, LastKnown>> ReadAsync(Guid[] vehicles)
    {
        var now = time.GetUtcNow();
        var newest = new Dictionary<Guid, LastKnown>();
        var since = new Dictionary<Guid, (DateTimeOffset Time, VehicleStatus Status)>();
        await using var connection = await source.OpenConnectionAsync();
        await using (var find = new NpgsqlCommand(SelectVehicles, connection))
        {
            find.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, vehicles));
            await using var row = await find.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                var vehicle = VehicleKind.Rows.Read(row);
                var (id, status) = (vehicle.Id, vehicle.OperationalStatus);
                since[id] = (now - options.Value.MaxAge, status);
                newest[id] = new(
                    vehicle, null, row.IsDBNull(After + 4) ? MotionCheckpoint.None : MotionStore.ReadCheckpoint(row, After + 4), row.GetBoolean(After + 2),
                    row.Optional<string>(After + 3) is { } refusal ? JsonSerializer.Deserialize<LastRefusal>(refusal, RowJson.Options) : null);
                if (row.OptionalValue<DateTimeOffset>(After) is { } at && row.Optional<string>(After + 1) is { } json
                    && JsonSerializer.Deserialize<Location>(json, RowJson.Options) is { } location)
                {
                    since[id] = (at, status);
                    newest[id] = newest[id] with
                    {
                        Live = new(
                            id, at, location.Latitude, location.Longitude, location.SpeedKmh, location.HeadingDegrees,
                            location.AccuracyMeters, location.AltitudeMeters, status),
                    };
                }
            }
        }

        if (since.Count > 0)
        {
            await using var command = new NpgsqlCommand(SelectNewest, connection);
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, since.Keys.ToArray()));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, since.Values.Select(bound => bound.Time).ToArray()));
            command.Parameters.Add(Sql.Time(since.Values.Min(bound => bound.Time)));
            command.Parameters.Add(Sql.Time(now + options.Value.FutureTolerance));
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                var id = row.GetGuid(0);
                newest[id] = newest[id] with { Live = LivePosition(id, PositionHistory.Read(row, 1).Fix, since[id].Status) };
            }
        }

        return newest;
    }

    private static LivePosition LivePosition(Guid vehicleId, in PositionFix fix, VehicleStatus status) => new(
        vehicleId, fix.FixTime, fix.Latitude, fix.Longitude, fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters, status);
}
