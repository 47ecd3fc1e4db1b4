using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using Npgsql;

namespace ChargeCars.Telephony.Pops;

/// <summary>
/// Makes the card that a ringing call shows: who may be calling, what is open with them, and whether somebody is on the way to them. One
/// question to the database. Where the van is goes on a card that is shown and on none that is kept: positions may have to be taken back.
/// </summary>
internal sealed class CallCards(NpgsqlDataSource source)
{
    private const int MostCandidates = 50;

    // Whose conversations are an organisation's: more of them would make the phone wait.
    private const int MostColleagues = 200;

    // The card shows only the orders, visits and threads of the business entity that was called: a viewer of the call may be limited to it.
    // The caller's orders are read first, then their visits. OFFSET 0 keeps that order: the plan for any caller would read everybody's visits of
    // today. Orders that were over before today are left out, as nobody is on the way for them.
    internal static string Select { get; } = $"""
        WITH people AS MATERIALIZED (
            SELECT c.id, c.organization_id, concat_ws(' ', c.first_name, c.last_name) AS name, c.contact_type FROM contact c
            WHERE c.id IN (
                SELECT m.id FROM contact m WHERE m.mobile = $1 UNION SELECT p.id FROM contact p WHERE p.phone = $1
                UNION SELECT n.contact_id FROM phone_number n WHERE n.phone_number = $1)
            ORDER BY c.created_at, c.id LIMIT {MostCandidates}),
        who AS MATERIALIZED (
            SELECT * FROM people
            UNION ALL SELECT NULL, g.id, g.name, NULL FROM organization g WHERE g.id IN (
                (SELECT known.id FROM organization known WHERE known.phone = $1 ORDER BY known.created_at, known.id LIMIT {MostCandidates})
                UNION SELECT min(p.organization_id::text)::uuid FROM people p
                    HAVING count(*) > {CallerCandidates.MostOfOneNumber} AND count(DISTINCT p.organization_id) = 1)),
        theirs AS MATERIALIZED (
            SELECT o.id, o.primary_contact_id, o.customer_organization_id, o.order_number, o.order_status, o.created_at,
                o.order_status NOT IN ('completed', 'invoiced', 'closed', 'cancelled') AS is_open
            FROM "order" o
            WHERE o.id IN (
                    SELECT own.id FROM who w JOIN "order" own ON own.primary_contact_id = w.id
                    UNION SELECT own.id FROM who w JOIN "order" own ON own.customer_organization_id = w.organization_id)
                AND ($2::text IS NULL OR o.business_entity = $2)
                AND (o.order_status NOT IN ('completed', 'invoiced', 'closed', 'cancelled') OR o.updated_at >= $4)),
        visiting AS MATERIALIZED (
            SELECT v.*, o.primary_contact_id, o.customer_organization_id FROM theirs o CROSS JOIN LATERAL (
                SELECT v.* FROM visit v WHERE v.order_id = o.id AND ($2::text IS NULL OR v.business_entity = $2)
                    AND v.scheduled_start >= $4 AND v.scheduled_start < $5 AND v.status NOT IN ('draft', 'cancelled', 'no_show')
                OFFSET 0) v)
        SELECT w.id, w.organization_id, w.name, w.contact_type = 'employee',
            (SELECT jsonb_build_object(
                    'id', v.id, 'number', v.number, 'status', v.status, 'scheduledStart', {Utc("v.scheduled_start")}, 'scheduledEnd', {Utc("v.scheduled_end")},
                    'windowStart', {Utc("v.window_start")}, 'windowEnd', {Utc("v.window_end")}, 'vehicleId', van.id, 'licensePlate', van.license_plate,
                    'vehicleName', van.vehicle_name, 'positionAgeSeconds', extract(epoch FROM $3 - van.last_location_update)::integer,
                    'position', CASE WHEN $7 AND van.current_location IS NOT NULL THEN jsonb_build_object('latitude', van.current_location->'latitude',
                        'longitude', van.current_location->'longitude', 'fixTime', {Utc("van.last_location_update")}) END,
                    'expectedArrival', CASE WHEN e.planned_start = v.scheduled_start AND v.status IN ('scheduled', 'confirmed', 'en_route')
                        THEN jsonb_build_object('earliest', {Utc("e.earliest")}, 'expected', {Utc("e.expected")}, 'latest', {Utc("e.latest")}) END)
                FROM visiting v LEFT JOIN team t ON t.id = v.team_id
                    LEFT JOIN vehicle van ON van.id = coalesce(v.vehicle_id, t.vehicle_id) LEFT JOIN visit_expectation e ON e.visit_id = v.id
                WHERE v.primary_contact_id = w.id OR v.customer_organization_id = w.organization_id
                ORDER BY v.scheduled_start LIMIT 1),
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'orderNumber', o.order_number, 'orderStatus', o.order_status)), '[]')
                FROM (SELECT o.* FROM theirs o
                    WHERE o.is_open AND (o.primary_contact_id = w.id OR o.customer_organization_id = w.organization_id)
                    ORDER BY o.created_at DESC LIMIT 5) o),
            (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'subject', t.subject, 'channel', t.channel, 'waitingSince', {Utc("t.waiting_since")})), '[]')
                FROM (SELECT t.* FROM communication_thread t
                    WHERE t.customer_contact_id = ANY (CASE WHEN w.id IS NOT NULL THEN ARRAY[w.id]
                            ELSE ARRAY(SELECT c.id FROM contact c WHERE c.organization_id = w.organization_id LIMIT {MostColleagues}) END)
                        AND t.status IN ('open', 'pending') AND ($2::text IS NULL OR t.business_entity = $2)
                    ORDER BY t.last_message_at DESC NULLS LAST LIMIT 5) t),
            greatest(
                (SELECT max(c.started_at) FROM call c WHERE c.caller_number = $1 AND c.id <> $6),
                (SELECT max(m.sent_at) FROM communication_message m WHERE m.sender_contact_id = w.id AND m.direction = 'inbound'))
        FROM who w
        """;

    // As the contract writes times.
    private static string Utc(string column) => $"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""";

    private const string SelectOwn = "SELECT name FROM business_phone_number WHERE digits = $1 LIMIT 1";

    /// <summary>The card of a call; null where it shows none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="withPlaces">Whether it says where vans are: not on one that is kept.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<JsonObject?> OfAsync(Call call, DateTimeOffset now, bool withPlaces, CancellationToken cancellation)
    {
        if (PopRules.CardOf(call, now) is not { } card)
        {
            return null;
        }

        var found = call.CallerNumber is null ? [] : await FindAsync(call, now, withPlaces, cancellation);
        var guess = CallerCandidates.Rank(found.Select(one => one.Candidate));
        var shown = found.ToDictionary(one => one.Candidate, one => one.Json);
        var internalName = call.CallerNumber is null ? null : found.FirstOrDefault(one => one.IsColleague).Candidate?.Name ?? await OwnNumberAsync(call.CallerNumber, cancellation);
        return new JsonObject
        {
            ["since"] = JsonSerializer.SerializeToNode(card.Since.UtcDateTime, RowJson.Client),
            ["ringingOn"] = JsonSerializer.SerializeToNode(card.RingingOn, RowJson.Client),
            ["isInternal"] = internalName is not null,
            ["internalName"] = internalName,
            ["organizationId"] = guess.OrganizationId,
            ["candidates"] = new JsonArray([.. guess.Candidates.Select(one => shown[one])]),
        };
    }

    private async Task<List<(CallerCandidate Candidate, bool IsColleague, JsonObject Json)>> FindAsync(
        Call call, DateTimeOffset now, bool withPlaces, CancellationToken cancellation)
    {
        var today = WallClock.DateOf(now);
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Text(call.CallerNumber));
        command.Parameters.Add(Sql.Word(call.BusinessEntity));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(WallClock.FirstAt(today, TimeOnly.MinValue)));
        command.Parameters.Add(Sql.Time(WallClock.FirstAt(today.AddDays(1), TimeOnly.MinValue)));
        command.Parameters.Add(Sql.Uuid(call.Id));
        command.Parameters.Add(Sql.Bool(withPlaces));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(CallerCandidate, bool, JsonObject)>();
        while (await row.ReadAsync(cancellation))
        {
            var (visit, orders, threads) = (row.Optional<string>(4), JsonNode.Parse(row.GetString(5))!.AsArray(), JsonNode.Parse(row.GetString(6))!.AsArray());
            var candidate = new CallerCandidate(
                row.OptionalValue<Guid>(0), row.OptionalValue<Guid>(1), row.GetString(2), visit is not null, orders.Count > 0, threads.Count > 0,
                row.OptionalValue<DateTimeOffset>(7));
            found.Add((candidate, row.OptionalValue<bool>(3) is true, new JsonObject
            {
                ["contactId"] = candidate.ContactId,
                ["organizationId"] = candidate.OrganizationId,
                ["name"] = candidate.Name,
                ["visitToday"] = visit is null ? null : JsonNode.Parse(visit),
                ["openOrders"] = orders,
                ["openThreads"] = threads,
                ["lastContactAt"] = JsonSerializer.SerializeToNode(candidate.LastContactAt?.UtcDateTime, RowJson.Client),
            }));
        }

        return found;
    }

    private async Task<string?> OwnNumberAsync(string number, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOwn);
        command.Parameters.Add(Sql.Text(number));
        return await command.ExecuteScalarAsync(cancellation) as string;
    }
}
