using ChargeCars.Alerts;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Alerts;

/// <summary>Reads alerts within what the caller may see, and keeps which they have seen.</summary>
internal sealed class AlertQueries(NpgsqlDataSource source, TimeProvider time)
{
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["status"] = ListFilter.Word<AlertStatus>("status"),
            ["active"] = new("(status IN ('open', 'snoozed')) = $", ListFilter.Boolean("status").Parse, "true or false"),
            ["alertType"] = ListFilter.Word<AlertType>("alert_type"),
            ["severity"] = ListFilter.Word<AlertSeverity>("severity"),
            ["entityType"] = ListFilter.Text("entity_type"),
            ["entityId"] = ListFilter.Uuid("entity_id"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["vehicleId"] = ListFilter.Uuid("vehicle_id"),
            ["visitId"] = ListFilter.Uuid("visit_id"),
            ["orderId"] = ListFilter.Uuid("order_id"),
            ["assignedToContactId"] = ListFilter.Uuid("assigned_to_contact_id"),
            ["from"] = ListFilter.Since("raised_at"),
            ["to"] = ListFilter.Until("raised_at"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt")
    {
        HasPast = true,
    };

    // What people call a thing may have been erased since; what an alert is about never changes.
    private static readonly string Then =
        $"({RowsThen.Of(AlertKind.Rows, "$1", ListQuery.ScopePlace, null, "label", "alert_type", "entity_type", "entity_id")}) AS alert";

    private const string SelectSeen = "SELECT alert_id, occurrence FROM alert_seen WHERE reader_id = $1 AND alert_id = ANY ($2)";

    public async Task<Page<AlertView>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation)
    {
        // Who sees it now sees what it was: a right that was taken away is taken away for the past too.
        var page = await (query with { Scope = AlertScope.Visible(caller) })
            .RunAsync(source, AlertKind.Rows.ColumnList, query.At is null ? AlertKind.Rows.From : Then, AlertKind.Rows.Read, cancellation);
        var seen = page.Items.Count == 0 ? [] : await SeenAsync(caller, [.. page.Items.Select(alert => alert.Id)], cancellation);
        return new([.. page.Items.Select(alert => AlertView.Of(alert, seen.GetValueOrDefault(alert.Id)))], page.NextCursor);
    }

    /// <summary>One that the caller sees; null where there is none such.</summary>
    public async Task<AlertView?> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        (await PageAsync(List.All with { Limit = 1, Filters = [("id", Sql.Uuid(id))] }, caller, cancellation)).Items is [var alert] ? alert : null;

    /// <summary>How many are open, and how many of them the caller has not seen.</summary>
    public async Task<AlertCount> CountAsync(Caller caller, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Uuid(caller.Actor.Id));
        command.CommandText = $"""
            SELECT count(*)::integer, count(*) FILTER (WHERE coalesce(s.occurrence, 0) < a.occurrence)::integer
            FROM (SELECT id, occurrence FROM alert WHERE status = 'open' AND ({AlertScope.Visible(caller).AddTo(command.Parameters)})) a
                LEFT JOIN alert_seen s ON s.alert_id = a.id AND s.reader_id = $1
            """;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.GetInt32(0), row.GetInt32(1));
    }

    /// <summary>The caller has seen these as they are now; what they don't see is passed over.</summary>
    public async Task SeeAsync(IReadOnlyCollection<Guid> ids, Caller caller, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Uuid(caller.Actor.Id));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids.ToArray()));
        command.CommandText = $"""
            INSERT INTO alert_seen AS known (alert_id, reader_id, occurrence, seen_at)
            SELECT id, $1, occurrence, $2 FROM alert WHERE id = ANY ($3) AND ({AlertScope.Visible(caller).AddTo(command.Parameters)})
            ON CONFLICT (alert_id, reader_id) DO UPDATE SET occurrence = greatest(known.occurrence, excluded.occurrence), seen_at = excluded.seen_at
            WHERE known.occurrence < excluded.occurrence
            """;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<Dictionary<Guid, int>> SeenAsync(Caller caller, Guid[] ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectSeen);
        command.Parameters.Add(Sql.Uuid(caller.Actor.Id));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var seen = new Dictionary<Guid, int>();
        while (await row.ReadAsync(cancellation))
        {
            seen[row.GetGuid(0)] = row.GetInt32(1);
        }

        return seen;
    }
}
