using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Takes fixes off the disk that must not be shown: where somebody was in their own time. One transaction: the fixes go and the
/// crossings of geofences in that time, with what the change events told of them; who is inside is as the crossings left say; the
/// vehicle's row goes back to the newest fix that is left if it was there then, the trips are marked for repair, and the audit
/// says what was done, with no word of where. Where nothing is left to take nothing is written.
/// </summary>
internal sealed class PositionRemoval(GroupCommit commits, TimeProvider time, IOptions<PositionOptions> options)
{
    /// <summary>The change that tells it: whoever shows the vehicle asks anew where it is.</summary>
    public const string ChangeType = "vehicle.positions_removed";

    // The location is written as CurrentLocationWriter writes it; another host's may be writing this very row, so what is compared is
    // the row once it is held, and not as this statement found it. $17 and $18 bound the fixes that may have
    // come; from $19 on they may have been told, as a tracker's clock may be ahead of ours.
    private static readonly string Remove = $"""
        WITH gone AS (
            DELETE FROM vehicle_position WHERE vehicle_id = $1 AND source = $2 AND fix_time >= $3 AND fix_time < $4
            RETURNING fix_time),
        removed AS MATERIALIZED (
            SELECT min(fix_time) AS first, max(fix_time) AS last, set_config('chargecars.removing', 'geofence_event', true) AS allowed
            FROM gone HAVING count(*) > 0),
        marked AS (
            INSERT INTO vehicle_late_fix (vehicle_id, first_fix, last_fix) SELECT $1, first, last FROM removed),
        newest AS MATERIALIZED (
            SELECT fix_time, jsonb_build_object('latitude', latitude, 'longitude', longitude, 'accuracy_meters', round(accuracy)::integer,
                'speed_kmh', speed, 'heading_degrees', round(heading)::integer, 'altitude_meters', altitude) AS location
            FROM vehicle_position
            WHERE vehicle_id = $1 AND NOT (source = $2 AND fix_time >= $3 AND fix_time < $4) AND fix_time >= $17 AND fix_time <= $18
            ORDER BY fix_time DESC LIMIT 1),
        held AS MATERIALIZED (
            SELECT last_location_update AS at FROM vehicle WHERE id = $1 FOR NO KEY UPDATE),
        moved AS (
            UPDATE vehicle SET current_location = newest.location, last_location_update = newest.fix_time
            FROM held CROSS JOIN removed LEFT JOIN newest ON true
            WHERE id = $1 AND (held.at BETWEEN first AND last OR newest.fix_time > coalesce(held.at, '-infinity'))),
        untold AS (
            UPDATE change_event SET data = data - ARRAY['latitude', 'longitude', 'odometerKm'] FROM removed
            WHERE vehicle_id = $1 AND occurred_at >= $19
                AND type IN ('vehicle.trip_started', 'vehicle.trip_ended', 'vehicle.stop_moved', 'vehicle.overspeed')
                AND coalesce(data ->> 'endedAt', data ->> 'startedAt', data ->> 'fixTime')::timestamptz BETWEEN first AND last),
        crossed AS (
            DELETE FROM geofence_event USING removed
            WHERE vehicle_id = $1 AND allowed IS NOT NULL
                AND ((fix_time >= $3 AND fix_time < $4) OR (decided_at >= $3 AND decided_at < $4))
            RETURNING id, geofence_id, created_at),
        stays AS (
            SELECT DISTINCT ON (geofence_id) geofence_id, fix_time, event_type = 'entered' AS inside FROM geofence_event
            WHERE vehicle_id = $1 AND geofence_id IN (SELECT geofence_id FROM crossed) AND id NOT IN (SELECT id FROM crossed)
            ORDER BY geofence_id, decided_at DESC, fix_time DESC),
        outside AS (
            DELETE FROM geofence_presence
            WHERE vehicle_id = $1 AND geofence_id IN (SELECT geofence_id FROM crossed EXCEPT SELECT geofence_id FROM stays WHERE inside)),
        inside AS (
            INSERT INTO geofence_presence (vehicle_id, geofence_id, entered_at) SELECT $1, geofence_id, fix_time FROM stays WHERE inside
            ON CONFLICT (vehicle_id, geofence_id) DO UPDATE SET entered_at = excluded.entered_at),
        unsaid AS (
            UPDATE change_event SET type = 'geofence.event_removed', entity_type = 'geofence_event', entity_id = crossed.id,
                data = jsonb_build_object('eventId', crossed.id, 'vehicleId', vehicle_id)
            FROM crossed
            WHERE vehicle_id = $1 AND occurred_at >= $19 AND type IN ('geofence.entered', 'geofence.left') AND data ->> 'eventId' = crossed.id::text),
        audited AS (
            INSERT INTO audit_log (id, table_name, record_id, action, old_values, changed_by_contact_id, change_summary, business_context,
                ip_address, user_agent, created_at)
            SELECT gen_random_uuid(), 'geofence_event', id, 'DELETE', jsonb_build_object('id', id, 'vehicle_id', $1, 'created_at', created_at),
                $11, $12, $13, $14, $15, $16
            FROM crossed)
        {AuditEntry.InsertFrom("removed", 5)}
        """;

    /// <summary>What a change of <see cref="ChangeType"/> says was removed.</summary>
    public static RemovedSpan SpanOf(RawJson data) => JsonSerializer.Deserialize<RemovedSpan>(data.Text, RowJson.Client)!;

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
        statement.Parameters.Add(Sql.Time(now - options.Value.MaxAge));
        statement.Parameters.Add(Sql.Time(now + options.Value.FutureTolerance));
        statement.Parameters.Add(Sql.Time(span.From - options.Value.FutureTolerance));
        return commits.CommitAsync(new StatementCommit<bool>(
            vehicleId, context.CommandId, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new(ChangeType, VehicleKind.Rows.Table, now, RowJson.ForClient(context.Actor), RowJson.ForClient(new
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
