using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Orders.Deadlines;

/// <summary>A row of <c>entity_current_status</c>.</summary>
/// <param name="EntityType">The entity's table.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="CurrentStatus">Its status.</param>
/// <param name="StatusSince">Since when, UTC.</param>
/// <param name="AssignedUserId">The contact whose it is.</param>
/// <param name="AssignedTeamId">The team whose it is.</param>
/// <param name="SlaDeadline">By when it must move on, UTC.</param>
/// <param name="IsOverdue">Whether that has passed; computed now, whatever was raised.</param>
public sealed record StatusRow(
    string EntityType, Guid EntityId, string CurrentStatus, DateTimeOffset StatusSince, Guid? AssignedUserId, Guid? AssignedTeamId, DateTimeOffset? SlaDeadline,
    bool IsOverdue);

/// <summary>Reads the present status of orders and visits.</summary>
public sealed class StatusBoard(NpgsqlDataSource source, TimeProvider time)
{
    // What is overdue has a deadline, and one from the past; of what is not, both halves.
    private const string Overdue = "sla_deadline <= $";
    private const string NotOverdue = "sla_deadline > $ OR sla_deadline IS NULL";

    /// <summary>What the list offers.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["entityType"] = ListFilter.Text("entity_type"),
            ["entityId"] = ListFilter.Uuid("entity_id"),
            ["currentStatus"] = ListFilter.Text("current_status"),
            ["assignedUserId"] = ListFilter.Uuid("assigned_user_id"),
            ["assignedTeamId"] = ListFilter.Uuid("assigned_team_id"),
            ["overdue"] = ListFilter.Boolean(Overdue),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt");

    /// <summary>A page of it. Whose rows a caller sees stands in the query's scope.</summary>
    public Task<Page<StatusRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        const string Columns = "entity_type, entity_id, current_status, status_since, assigned_user_id, assigned_team_id, sla_deadline";
        var now = time.GetUtcNow();
        var timed = query with { Filters = [.. query.Filters.Select(filter => filter is { Column: Overdue, Value.Value: bool isOverdue } ? At(isOverdue, now) : filter)] };
        return timed.RunAsync(source, Columns, "entity_current_status", row =>
        {
            var deadline = row.OptionalValue<DateTimeOffset>(6);
            return new StatusRow(
                row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.OptionalValue<Guid>(4), row.OptionalValue<Guid>(5),
                deadline, deadline <= now);
        }, cancellation);
    }

    // By this host's clock, as the rows' own word is; a plain comparison, so that the index of deadlines serves it.
    private static (string Column, NpgsqlParameter? Value) At(bool isOverdue, DateTimeOffset now) => (isOverdue ? Overdue : NotOverdue, Sql.Time(now));
}
