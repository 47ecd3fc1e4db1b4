using System.Text.Json;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Lets <c>vehicle.current_location</c> follow the positions, for each vehicle that moved once every
/// <see cref="PositionOptions.LocationInterval"/>. It is the history's shadow: no version, no audit, and never in a
/// command's way.
/// </summary>
internal sealed class CurrentLocationWriter(
    NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options, ILogger<CurrentLocationWriter> logger)
    : LatestWriter<LivePosition>(options.Value.LocationInterval, time, logger)
{
    /// <summary>
    /// Rows that a command has locked are passed over, to be written next time: waiting for them while holding others is
    /// how deadlocks come about.
    /// </summary>
    private const string Lock = "SELECT id FROM vehicle WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED";

    /// <summary>
    /// Only a fix that is on disk still: another host may have taken it away (<see cref="PositionRemoval"/>) since it was
    /// committed here. A statement of its own, which sees what was committed before the row was ours; who takes away after that
    /// waits for the row. $6 and $7 bound all of them, so that planning opens only the partitions between.
    /// </summary>
    private const string Update = """
        UPDATE vehicle v SET current_location = moved.location, last_location_update = moved.at
        FROM unnest($1::uuid[], $2::timestamptz[], $3::jsonb[], $4::float8[], $5::float8[]) AS moved(id, at, location, latitude, longitude)
        WHERE v.id = moved.id AND (v.last_location_update IS NULL OR v.last_location_update < moved.at)
            AND EXISTS (
                SELECT FROM vehicle_position p
                WHERE p.vehicle_id = moved.id AND p.fix_time = moved.at AND p.fix_time >= $6 AND p.fix_time <= $7
                    AND p.latitude = moved.latitude AND p.longitude = moved.longitude)
        """;

    /// <summary>Remembers the newest position of each vehicle for the next flush.</summary>
    public void Follow(ReadOnlySpan<LivePosition> positions) => Offer(positions);

    /// <summary>On return, nothing that waits says where the vehicle was in this time, and nothing that is being written does.</summary>
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="from">The first fix time, UTC.</param>
    /// <param name="to">The fix time before which it ends, UTC.</param>
    public Task ForgetAsync(Guid vehicleId, DateTimeOffset from, DateTimeOffset to) =>
        ForgetAsync(vehicleId, position => position.FixTime >= from && position.FixTime < to);

    protected override Guid VehicleOf(in LivePosition one) => one.VehicleId;

    protected override bool IsNewer(in LivePosition one, in LivePosition known) => one.FixTime > known.FixTime;

    protected override async Task<LivePosition[]> WriteAsync(LivePosition[] chunk, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var free = await LockAsync(connection, chunk, cancellation);
        var moved = chunk.Where(position => free.Contains(position.VehicleId)).ToArray();
        if (moved.Length > 0)
        {
            await UpdateAsync(connection, moved, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return moved.Length == chunk.Length ? [] : [.. chunk.Where(position => !free.Contains(position.VehicleId))];
    }

    private static async Task<HashSet<Guid>> LockAsync(NpgsqlConnection connection, LivePosition[] chunk, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Lock, connection);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(chunk, position => position.VehicleId)));
        var free = new HashSet<Guid>(chunk.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            free.Add(reader.GetGuid(0));
        }

        return free;
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, LivePosition[] moved, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Update, connection);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(moved, position => position.VehicleId)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(moved, position => position.FixTime)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Jsonb, Array.ConvertAll(
            moved, position => JsonSerializer.Serialize(position.ToLocation(), RowJson.Options))));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(moved, position => position.Latitude)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(moved, position => position.Longitude)));
        command.Parameters.Add(Sql.Time(moved.Min(position => position.FixTime)));
        command.Parameters.Add(Sql.Time(moved.Max(position => position.FixTime)));
        await command.ExecuteNonQueryAsync(cancellation);
        Sql.LetGo(command);
    }
}
