using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Positions.Refusals;

/// <summary>Why a vehicle's fixes were refused last.</summary>
internal readonly record struct VehicleRefusal(Guid VehicleId, LastRefusal Refusal);

/// <summary>Keeps the last refusal of every vehicle, behind the answers: a tracker whose clock is wrong sends at the rate of any other.</summary>
internal sealed class RefusalWriter(
    NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options, ILogger<RefusalWriter> logger)
    : LatestWriter<VehicleRefusal>(options.Value.LocationInterval, time, logger)
{
    private const string Upsert = """
        INSERT INTO vehicle_refusal (vehicle_id, reason, detail, off_by_seconds, since, at, count)
        SELECT r.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::timestamptz[], $6::timestamptz[], $7::bigint[])
            AS r(vehicle_id, reason, detail, off_by_seconds, since, at, count)
        JOIN vehicle v ON v.id = r.vehicle_id
        ORDER BY r.vehicle_id
        ON CONFLICT (vehicle_id) DO UPDATE SET
            reason = excluded.reason, detail = excluded.detail, off_by_seconds = excluded.off_by_seconds, since = excluded.since,
            at = excluded.at, count = excluded.count
        WHERE vehicle_refusal.at <= excluded.at
        """;

    public void Offer(Guid vehicleId, LastRefusal refusal) => Offer([new(vehicleId, refusal)]);

    protected override Guid VehicleOf(in VehicleRefusal one) => one.VehicleId;

    protected override bool IsNewer(in VehicleRefusal one, in VehicleRefusal known) => one.Refusal.At >= known.Refusal.At;

    protected override async Task<VehicleRefusal[]> WriteAsync(VehicleRefusal[] chunk, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Upsert);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(chunk, one => one.VehicleId)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, Array.ConvertAll(chunk, one => one.Refusal.Reason)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, Array.ConvertAll(chunk, one => one.Refusal.Detail)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(chunk, one => one.Refusal.OffBySeconds)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(chunk, one => one.Refusal.Since)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(chunk, one => one.Refusal.At)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Bigint, Array.ConvertAll(chunk, one => one.Refusal.Count)));
        await command.ExecuteNonQueryAsync(cancellation);
        return [];
    }
}
