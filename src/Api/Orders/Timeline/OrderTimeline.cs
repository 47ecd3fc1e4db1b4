using ChargeCars.Api.Conversations;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Orders.Timeline;

/// <summary>Something that happened to an order, or is planned.</summary>
/// <param name="Id">Its id; of a stretch, one that follows from the van and the visit.</param>
/// <param name="At">When, UTC: of a visit when the van set off or arrived, else when it is planned.</param>
/// <param name="Kind">One of <c>transition</c>, <c>visit</c>, <c>stretch</c>, <c>message</c>, <c>call</c>, <c>change</c>.</param>
/// <param name="EntityType">The table of what it is about.</param>
/// <param name="EntityId">What it is about.</param>
/// <param name="Data">Its content, which depends on the kind.</param>
public sealed record TimelineItem(Guid Id, DateTimeOffset At, string Kind, string EntityType, Guid EntityId, RawJson Data);

/// <summary>
/// Reads what happened to an order in one order of time. Each kind is for who may read it elsewhere, and within the same scope there.
/// </summary>
internal sealed class OrderTimeline(NpgsqlDataSource source)
{
    // As the contract writes times.
    private static string Utc(string column) => $"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""";

    private const string Transition = """
        jsonb_build_object('from', t.from_status, 'to', t.to_status, 'reason', t.transition_reason, 'isMilestone', t.is_milestone,
            'triggeredByContactId', t.triggered_by_contact_id, 'triggeredBySystem', t.triggered_by_system)
        """;

    private static readonly string[] Kinds = ["transition", "visit", "stretch", "message", "call", "change"];

    private static readonly string OfOrder = $"""
        SELECT t.id, t.entity_id AS order_id, t.created_at AS at, 'transition'::text AS kind, 'order'::text AS entity_type, t.entity_id, NULL::uuid AS visit_id,
            {Transition} AS data
        FROM status_transition t WHERE t.entity_type = 'order'
        """;

    private static readonly string OfVisits = $"""
        SELECT t.id, v.order_id, t.created_at, 'transition'::text, 'visit'::text, v.id, v.id, {Transition} || jsonb_build_object('number', v.number)
        FROM visit v JOIN status_transition t ON t.entity_type = 'visit' AND t.entity_id = v.id
        UNION ALL
        SELECT v.id, v.order_id, coalesce(v.en_route_at, v.arrived_at, v.scheduled_start, v.created_at), 'visit'::text, 'visit'::text, v.id, v.id,
            jsonb_build_object('number', v.number, 'visitType', v.visit_type, 'status', v.status, 'teamId', v.team_id, 'vehicleId', v.vehicle_id,
                'windowStart', {Utc("v.window_start")}, 'windowEnd', {Utc("v.window_end")},
                'scheduledStart', {Utc("v.scheduled_start")}, 'scheduledEnd', {Utc("v.scheduled_end")}, 'confirmedAt', {Utc("v.confirmed_at")},
                'enRouteAt', {Utc("v.en_route_at")}, 'arrivedAt', {Utc("v.arrived_at")}, 'startedAt', {Utc("v.started_at")}, 'endedAt', {Utc("v.ended_at")},
                'rescheduleCount', v.reschedule_count, 'resolution', v.resolution, 'cancelReason', v.cancel_reason, 'signedBy', v.signed_by)
        FROM visit v
        """;

    // The van's drives and stops from when it set off for the visit until the visit ended: what it did for others is not this order's.
    private static readonly string OfVans = $"""
        SELECT md5(v.id::text || t.started_at::text)::uuid, v.order_id, t.started_at, 'stretch'::text, 'vehicle'::text, v.vehicle_id, v.id,
            jsonb_build_object('visitId', v.id, 'vehicleId', v.vehicle_id, 'kind', t.kind, 'startedAt', {Utc("t.started_at")}, 'endedAt', {Utc("t.ended_at")},
                'distanceMeters', round(t.distance::numeric, 1),
                'start', jsonb_build_object('latitude', t.start_latitude, 'longitude', t.start_longitude),
                'end', CASE WHEN t.end_latitude IS NOT NULL THEN jsonb_build_object('latitude', t.end_latitude, 'longitude', t.end_longitude) END)
        FROM visit v JOIN vehicle_trip t ON t.vehicle_id = v.vehicle_id
            AND t.started_at > coalesce(v.en_route_at, v.arrived_at) - interval '12 hours' AND t.started_at < coalesce(v.ended_at, 'infinity')
            AND coalesce(t.ended_at, 'infinity') > coalesce(v.en_route_at, v.arrived_at)
        """;

    private static readonly string OfThreads = """
        SELECT m.id, h.entity_id, coalesce(m.sent_at, m.created_at), 'message'::text, 'communication_message'::text, m.id, NULL::uuid,
            jsonb_build_object('threadId', m.thread_id, 'channel', h.channel, 'direction', m.direction, 'nature', m.nature, 'status', m.status,
                'subject', m.subject, 'senderName', m.sender_name, 'senderContactId', m.sender_contact_id, 'text', left(m.body_text, 280))
        FROM communication_thread h JOIN communication_message m ON m.thread_id = h.id
        WHERE h.entity_type = 'order' AND m.nature <> 'moved' AND m.status IS DISTINCT FROM 'draft'
        """;

    // A call names no order. Each order of the caller shows it that was open at the time with the business entity they called; the day before the order's intake counts too.
    private static readonly string OfCalls = $"""
        SELECT c.id, o.id, c.started_at, 'call'::text, 'call'::text, c.id, NULL::uuid,
            jsonb_build_object('direction', c.direction, 'status', c.status, 'contactId', p.id, 'answeredAt', {Utc("c.answered_at")}, 'endedAt', {Utc("c.ended_at")},
                'talkSeconds', c.talk_seconds, 'missedCallReason', c.missed_call_reason, 'assignedTo', c.assigned_to -> 'name')
        FROM "order" o JOIN contact p ON p.id = o.primary_contact_id JOIN LATERAL (
            SELECT known.id FROM call known WHERE known.phone_number_id IN (SELECT n.id FROM phone_number n WHERE n.contact_id = p.id)
            UNION SELECT known.id FROM call known WHERE known.caller_number IN (p.mobile, p.phone)) theirs ON true JOIN call c ON c.id = theirs.id
        WHERE c.started_at > o.created_at - interval '1 day' AND (c.business_entity IS NULL OR c.business_entity = o.business_entity)
            AND c.started_at < coalesce((SELECT max(t.created_at) FROM status_transition t
                WHERE t.entity_type = 'order' AND t.entity_id = o.id AND t.to_status IN ('closed', 'cancelled')), 'infinity')
        """;

    // Only the names of the fields: the audit has their values, under its masks. A change of status is an item of its own.
    private static readonly string OfFields = """
        SELECT a.id, changed.order_id, a.created_at, 'change'::text, a.table_name, a.record_id, changed.visit_id,
            jsonb_build_object('action', a.action, 'actor', a.business_context -> 'actor' ->> 'name', 'summary', a.change_summary,
                'fields', (SELECT coalesce(jsonb_agg(field ORDER BY field), '[]') FROM jsonb_object_keys(a.new_values) field))
        FROM (
            SELECT o.id AS order_id, 'order'::text AS kind, o.id, NULL::uuid AS visit_id FROM "order" o
            UNION ALL SELECT l.order_id, 'line_item'::text, l.id, NULL::uuid FROM line_item l
            UNION ALL SELECT v.order_id, 'visit'::text, v.id, v.id FROM visit v) changed
        JOIN audit_log a ON a.table_name = changed.kind AND a.record_id = changed.id
        WHERE a.action IN ('CREATE', 'UPDATE') AND NOT (a.action = 'CREATE' AND a.table_name <> 'line_item') AND jsonb_typeof(a.new_values) = 'object'
        """;

    /// <summary>What it offers.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["kind"] = new("kind", static text => Kinds.Contains(text) ? Sql.Text(text) : null, $"one of {string.Join(", ", Kinds)}"),
            ["from"] = ListFilter.Since("at"),
            ["to"] = ListFilter.Until("at"),
        },
        new Dictionary<string, ListSort> { ["at"] = new("at", "timestamptz") },
        "-at");

    /// <summary>A page of an order's; that the caller sees the order is known.</summary>
    public Task<Page<TimelineItem>> PageAsync(Guid order, ListQuery query, Caller caller, CancellationToken cancellation)
    {
        var parts = string.Join(" UNION ALL ", PartsFor(caller));
        return (query with { Filters = [.. query.Filters, ("order_id", Sql.Uuid(order))], Scope = Visible(caller) }).RunAsync(
            source, "id, at, kind, entity_type, entity_id, data", $"({parts}) AS happened",
            static row => new TimelineItem(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetGuid(4), new RawJson(row.GetString(5))),
            cancellation);
    }

    private static IEnumerable<string> PartsFor(Caller caller)
    {
        var visits = caller.Permissions.Contains(Permissions.VisitsRead);
        var isLimited = caller is not { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null };
        yield return OfOrder;
        if (visits)
        {
            yield return OfVisits;
        }

        if (visits && caller.SeesPositions())
        {
            yield return OfVans;
        }

        if (caller.Permissions.Contains(Permissions.ThreadsRead))
        {
            yield return OfThreads;
        }

        if (caller.Permissions.Contains(Permissions.CallsRead))
        {
            yield return OfCalls;
        }

        // As GET /api/audit does, this refuses a caller who sees only part of the rows.
        if (caller.Permissions.Contains(Permissions.AuditRead) && !isLimited)
        {
            yield return OfFields;
        }
    }

    private static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            OrderScope.Visits(text, caller, "v.") is { } visits ? $"visit_id IS NULL OR visit_id IN (SELECT v.id FROM visit v WHERE {visits})" : null,
            caller.VisibleVehicles() is { } vans ? $"kind <> 'stretch' OR entity_id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, vans))})" : null,
            $"kind <> 'message' OR entity_id IN (SELECT id FROM communication_message WHERE {text.Of(ConversationScope.Messages(caller))})",
            CallQueries.Visible(caller) is { } calls ? $"kind <> 'call' OR entity_id IN (SELECT id FROM call WHERE {text.Of(calls)})" : null);
    }
}
