using System.Globalization;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>What the database knows of a vehicle's fences when the vehicle wakes.</summary>
/// <param name="Inside">Where it is by the events.</param>
/// <param name="DecidedAt">By fence: the newest fix that decided something lately.</param>
internal sealed record KnownFences(IReadOnlyList<Stay> Inside, IReadOnlyDictionary<Guid, DateTimeOffset> DecidedAt);

/// <summary>
/// Puts crossings on record: the row of <c>geofence_event</c>, who is inside, the audit and the change event, in one
/// transaction. A crossing's id follows from what it says, so that the same one again does nothing, also where it was taken away
/// meanwhile (<see cref="Vehicles.Positions.PositionRemoval"/>). The audit, from which nothing can be taken away, says no more
/// than that there was one.
/// </summary>
internal sealed class CrossingStore(NpgsqlDataSource source, GroupCommit commits, TimeProvider time)
{
    private static readonly Actor Tracker = new(ActorKind.System, null, "geofences");

    private static readonly string Insert = $"""
        WITH made AS (
            INSERT INTO geofence_event (id, business_entity, geofence_id, vehicle_id, visit_id, event_type, fix_time, decided_at, latitude,
                longitude, created_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE NOT EXISTS (SELECT FROM audit_log WHERE id = $1)
            ON CONFLICT DO NOTHING
            RETURNING vehicle_id, geofence_id, event_type, fix_time),
        later AS (
            SELECT e.id FROM geofence_event e JOIN made ON e.vehicle_id = made.vehicle_id AND e.geofence_id = made.geofence_id
            WHERE e.fix_time > made.fix_time),
        here AS (
            INSERT INTO geofence_presence (vehicle_id, geofence_id, entered_at)
            SELECT vehicle_id, geofence_id, fix_time FROM made WHERE event_type = 'entered' AND NOT EXISTS (SELECT FROM later)
            ON CONFLICT (vehicle_id, geofence_id) DO UPDATE SET entered_at = excluded.entered_at),
        gone AS (
            DELETE FROM geofence_presence p USING made
            WHERE made.event_type = 'left' AND NOT EXISTS (SELECT FROM later) AND p.vehicle_id = made.vehicle_id AND p.geofence_id = made.geofence_id)
        {AuditEntry.InsertFrom("made", 12)}
        """;

    private const string SelectBefore = """
        SELECT DISTINCT ON (geofence_id) geofence_id, event_type, fix_time FROM geofence_event
        WHERE vehicle_id = $1 AND fix_time < $2 ORDER BY geofence_id, fix_time DESC
        """;

    private const string SelectSince =
        "SELECT geofence_id, event_type, fix_time FROM geofence_event WHERE vehicle_id = $1 AND fix_time >= $2 ORDER BY fix_time";

    private const string SelectInside = """
        SELECT p.geofence_id, p.entered_at, g.visit_id IS NOT NULL FROM geofence_presence p JOIN geofence g ON g.id = p.geofence_id
        WHERE p.vehicle_id = $1 AND (g.is_active OR g.visit_id IS NULL)
        """;

    private const string SelectDecided =
        "SELECT geofence_id, max(decided_at) FROM geofence_event WHERE vehicle_id = $1 AND decided_at >= $2 GROUP BY geofence_id";

    /// <summary>Where a vehicle is, and what was decided since a moment; one round trip.</summary>
    public async Task<KnownFences> FindAsync(Guid vehicleId, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectInside) { Parameters = { Sql.Uuid(vehicleId) } });
        batch.BatchCommands.Add(new(SelectDecided) { Parameters = { Sql.Uuid(vehicleId), Sql.Time(since) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var inside = new List<Stay>();
        while (await row.ReadAsync(cancellation))
        {
            inside.Add(new(row.GetGuid(0), Counts: true, row.GetFieldValue<DateTimeOffset>(1), row.GetBoolean(2)));
        }

        await row.NextResultAsync(cancellation);
        var decided = new Dictionary<Guid, DateTimeOffset>();
        while (await row.ReadAsync(cancellation))
        {
            decided[row.GetGuid(0)] = row.GetFieldValue<DateTimeOffset>(1);
        }

        return new(inside, decided);
    }

    /// <summary>What is on record of a vehicle from a moment on; one round trip.</summary>
    public async Task<CrossingHistory> FindHistoryAsync(Guid vehicleId, DateTimeOffset from, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectBefore) { Parameters = { Sql.Uuid(vehicleId), Sql.Time(from) } });
        batch.BatchCommands.Add(new(SelectSince) { Parameters = { Sql.Uuid(vehicleId), Sql.Time(from) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var before = await ReadAsync();
        await row.NextResultAsync(cancellation);
        var since = await ReadAsync();
        return new(
            before.Where(one => one.Crossing.Entered).ToDictionary(one => one.Fence, one => one.Crossing.At),
            since.ToLookup(one => one.Fence, one => one.Crossing));

        async Task<List<(Guid Fence, RecordedCrossing Crossing)>> ReadAsync()
        {
            var read = new List<(Guid, RecordedCrossing)>();
            while (await row.ReadAsync(cancellation))
            {
                read.Add((row.GetGuid(0), new(row.GetString(1) == "entered", row.GetFieldValue<DateTimeOffset>(2))));
            }

            return read;
        }
    }

    /// <summary>False where it was on record already, or was and has been taken away. Throws what <see cref="GroupCommit.CommitAsync"/> throws.</summary>
    public Task<bool> RecordAsync(Guid vehicleId, Crossing crossing, bool isLate = false)
    {
        var (fence, now) = (crossing.Fence.Geofence, time.GetUtcNow());
        var word = crossing.Entered ? "entered" : "left";
        var id = NameBasedId.Of(string.Create(CultureInfo.InvariantCulture, $"{vehicleId}/{fence.Id}/{word}/{crossing.At.UtcTicks}"));
        var context = new CommandContext(id, Tracker);
        var entity = fence.BusinessEntity is { } owner ? WireText.Of(owner) : null;
        var data = new
        {
            eventId = id,
            vehicleId,
            name = fence.Name,
            fence.AddressId,
            fence.VisitId,
            at = crossing.At.UtcDateTime,
            decidedAt = crossing.Decided.Time.UtcDateTime,
            enteredAt = crossing.Since?.UtcDateTime,
            isLate,
        };
        var audit = new AuditEntry(
            "geofence_event", id, "CREATE", null, RowJson.ForRow(new { id, vehicleId, createdAt = now }).Text, "The vehicle crossed a geofence",
            AuditEntry.ContextOf(context, 1), now);
        var statement = new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                Sql.Uuid(id), Sql.Text(entity), Sql.Uuid(fence.Id), Sql.Uuid(vehicleId), Sql.Uuid(fence.VisitId), Sql.Text(word),
                Sql.Time(crossing.At), Sql.Time(crossing.Decided.Time), Sql.Double(crossing.Decided.Latitude),
                Sql.Double(crossing.Decided.Longitude), Sql.Time(now),
            },
        };
        audit.AddTo(statement.Parameters, context);
        return commits.CommitAsync(new StatementCommit<bool>(
            fence.Id, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            // Of history that came late nothing follows: by now people have said what happened.
            Due = fence.VisitId is { } visit && !isLate
                ? [NewDueCommand.Of(new(visit, new NoteCrossing(vehicleId, crossing.Entered, crossing.At)), 0, GeofenceKind.Rows.Table, fence.Id, context, now)]
                : [],
            Changes =
            [
                new($"geofence.{word}", GeofenceKind.Rows.Table, now, RowJson.ForClient(Tracker), RowJson.ForClient(data))
                {
                    Scope = new(entity, null, null, vehicleId),
                },
            ],
        });
    }
}
