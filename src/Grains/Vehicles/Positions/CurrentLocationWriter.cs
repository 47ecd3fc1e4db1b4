using System.Text.Json;
using ChargeCars.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Vehicles.Positions;

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
    /// Rows that a command has locked are passed over and answered, to be written next time: waiting for them while
    /// holding others is how deadlocks come about.
    /// </summary>
    private const string Update = """
        WITH moved AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::jsonb[]) AS m(id, at, location)),
        free AS MATERIALIZED (
            SELECT v.id FROM vehicle v WHERE v.id = ANY($1) ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED),
        updated AS (
            UPDATE vehicle v SET current_location = moved.location, last_location_update = moved.at
            FROM moved JOIN free USING (id)
            WHERE v.id = moved.id AND (v.last_location_update IS NULL OR v.last_location_update < moved.at))
        SELECT v.id FROM vehicle v WHERE v.id = ANY($1) AND NOT EXISTS (SELECT FROM free WHERE free.id = v.id)
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
        await using var command = source.CreateCommand(Update);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(chunk, position => position.VehicleId)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(chunk, position => position.FixTime)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Jsonb, Array.ConvertAll(
            chunk, position => JsonSerializer.Serialize(position.ToLocation(), RowJson.Options))));
        var locked = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            locked.Add(reader.GetGuid(0));
        }

        Sql.LetGo(command);
        return locked.Count == 0 ? [] : [.. chunk.Where(position => locked.Contains(position.VehicleId))];
    }
}
