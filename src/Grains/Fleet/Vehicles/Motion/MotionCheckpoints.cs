using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>How far a vehicle is folded.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="Version">That of its motion on disk.</param>
/// <param name="State">The fold's memory, with no turn since that version.</param>
internal readonly record struct FoldedSoFar(Guid VehicleId, long Version, MotionState State);

/// <summary>
/// Writes how far vehicles are folded. It only shortens what an activation after a crash reads, so a row that another
/// writer holds or has changed is passed over: that vehicle offers again.
/// </summary>
internal sealed class MotionCheckpoints(
    NpgsqlDataSource source, TimeProvider time, IOptions<MotionOptions> options, ILogger<MotionCheckpoints> logger)
    : LatestWriter<FoldedSoFar>(options.Value.CheckpointInterval / 4, time, logger)
{
    private const string Update = """
        WITH offered AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[]) AS o(id, version, state)),
        free AS MATERIALIZED (
            SELECT m.vehicle_id FROM vehicle_motion m JOIN offered o ON o.id = m.vehicle_id AND o.version = m.version
            ORDER BY m.vehicle_id FOR NO KEY UPDATE OF m SKIP LOCKED)
        UPDATE vehicle_motion m SET state = o.state
        FROM offered o JOIN free ON free.vehicle_id = o.id
        WHERE m.vehicle_id = o.id AND m.version = o.version
        """;

    public void Offer(in FoldedSoFar folded) => Offer([folded]);

    protected override Guid VehicleOf(in FoldedSoFar one) => one.VehicleId;

    protected override bool IsNewer(in FoldedSoFar one, in FoldedSoFar known) =>
        one.Version > known.Version || (one.Version == known.Version && one.State.Head.FixTime >= known.State.Head.FixTime);

    protected override async Task<FoldedSoFar[]> WriteAsync(FoldedSoFar[] chunk, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Update);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(chunk, one => one.VehicleId)));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Bigint, Array.ConvertAll(chunk, one => one.Version)));
        command.Parameters.Add(Sql.Array(
            NpgsqlDbType.Jsonb, Array.ConvertAll(chunk, one => JsonSerializer.Serialize(one.State, RowJson.Options))));
        await command.ExecuteNonQueryAsync(cancellation);
        Sql.LetGo(command);
        return [];
    }
}
