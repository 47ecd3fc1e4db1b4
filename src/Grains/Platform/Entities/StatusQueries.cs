using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>A row of <c>status_transition</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FromStatus">The status before; null at creation.</param>
/// <param name="ToStatus">The status after.</param>
/// <param name="TransitionReason">Why, in the words of who did it.</param>
/// <param name="BusinessContext">What else is kept of it.</param>
/// <param name="TriggeredByContactId">Who did it; null where a program did.</param>
/// <param name="TriggeredBySystem">The program that did it.</param>
/// <param name="IsMilestone">Whether it is a milestone of the entity's life.</param>
/// <param name="CreatedAt">When, UTC.</param>
public sealed record StatusHistory(
    Guid Id, string? FromStatus, string ToStatus, string? TransitionReason, RawJson? BusinessContext, Guid? TriggeredByContactId,
    string? TriggeredBySystem, bool IsMilestone, DateTimeOffset CreatedAt);

/// <summary>Reads of the changes of status, of any kind of entity.</summary>
public sealed class StatusQueries(NpgsqlDataSource source)
{
    /// <summary>What a list of changes of status offers; the newest first.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter> { ["from"] = ListFilter.Since("created_at"), ["to"] = ListFilter.Until("created_at") },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt");

    /// <summary>A page of one entity's history. Who may see the entity is the caller's to know.</summary>
    public Task<Page<StatusHistory>> HistoryAsync(ListQuery query, string table, Guid id, CancellationToken cancellation)
    {
        const string Columns = """
            id, from_status, to_status, transition_reason, business_context, triggered_by_contact_id, triggered_by_system, is_milestone, created_at
            """;
        var ofOne = query with { Filters = [.. query.Filters, ("entity_type", Sql.Text(table)), ("entity_id", Sql.Uuid(id))] };
        return ofOne.RunAsync(source, Columns, "status_transition", Read, cancellation);
    }

    private static StatusHistory Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.Optional<string>(1), row.GetString(2), row.Optional<string>(3),
        row.Optional<string>(4) is { } context ? new RawJson(context) : null, row.OptionalValue<Guid>(5), row.Optional<string>(6), row.GetBoolean(7),
        row.GetFieldValue<DateTimeOffset>(8));
}
