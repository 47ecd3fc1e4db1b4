using ChargeCars.Entities;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Vehicles.Positions;

/// <summary>
/// Takes fixes off the disk that must not be shown: where somebody was in their own time. One transaction: the fixes go, the
/// vehicle's row forgets where it was if it was then, the trips are marked for repair, and the audit says what was done, with no
/// word of where. Where nothing is left to take nothing is written.
/// </summary>
internal sealed class PositionRemoval(GroupCommit commits, TimeProvider time)
{
    private static readonly string Remove = $"""
        WITH gone AS (
            DELETE FROM vehicle_position WHERE vehicle_id = $1 AND source = $2 AND fix_time >= $3 AND fix_time < $4
            RETURNING fix_time),
        removed AS MATERIALIZED (SELECT min(fix_time) AS first, max(fix_time) AS last FROM gone HAVING count(*) > 0),
        marked AS (
            INSERT INTO vehicle_late_fix (vehicle_id, first_fix, last_fix) SELECT $1, first, last FROM removed),
        moved AS (
            UPDATE vehicle SET current_location = NULL, last_location_update = NULL FROM removed
            WHERE id = $1 AND last_location_update BETWEEN first AND last),
        untold AS (
            UPDATE change_event SET data = data - ARRAY['latitude', 'longitude', 'odometerKm'] FROM removed
            WHERE vehicle_id = $1 AND occurred_at >= $3
                AND type IN ('vehicle.trip_started', 'vehicle.trip_ended', 'vehicle.stop_moved', 'vehicle.overspeed')
                AND coalesce(data ->> 'endedAt', data ->> 'startedAt', data ->> 'fixTime')::timestamptz BETWEEN first AND last)
        {AuditEntry.InsertFrom("removed", 5)}
        """;

    /// <summary>Whether there were any. Throws what <see cref="GroupCommit.CommitAsync"/> throws.</summary>
    public Task<bool> RemoveAsync(Guid vehicleId, RemovedSpan span, CommandContext context)
    {
        var now = time.GetUtcNow();
        var what = new { source = span.Source, from = span.From, to = span.To };
        var audit = new AuditEntry(
            "vehicle_position", vehicleId, "DELETE", RowJson.ForRow(what).Text, null, span.Reason,
            RowJson.ForRow(new { context.Actor }).Text, now);
        var statement = new NpgsqlBatchCommand(Remove)
        {
            Parameters = { Sql.Uuid(vehicleId), Sql.Text(span.Source), Sql.Time(span.From), Sql.Time(span.To) },
        };
        audit.AddTo(statement.Parameters, context);
        return commits.CommitAsync(new Commit<bool>(
            vehicleId, context.CommandId, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new("vehicle.positions_removed", VehicleTable.Name, now, RowJson.ForClient(context.Actor), RowJson.ForClient(new
                {
                    source = span.Source,
                    from = span.From.UtcDateTime,
                    to = span.To.UtcDateTime,
                    reason = span.Reason,
                }))
                {
                    Scope = new(null, null, null, vehicleId),
                },
            ],
        });
    }
}
