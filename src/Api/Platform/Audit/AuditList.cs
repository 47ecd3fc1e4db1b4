using System.Text.Json.Nodes;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Platform.Audit;

/// <summary>One change as the audit has it.</summary>
/// <param name="Id">The id of the command that made it.</param>
/// <param name="CreatedAt">When, UTC.</param>
/// <param name="TableName">The table of what was changed.</param>
/// <param name="RecordId">What was changed.</param>
/// <param name="Action">CREATE, UPDATE, DELETE or STATUS_CHANGE.</param>
/// <param name="OldValues">The fields that changed, before; null of a creation.</param>
/// <param name="NewValues">The same fields after; null of a deletion.</param>
/// <param name="ChangedBy">Who, by the name that people call them: an email address, a key's name.</param>
/// <param name="Actor">Who, in full: kind, id, name.</param>
/// <param name="ChangedByContactId">The contact of who that was, if a person.</param>
/// <param name="ChangeSummary">Why, in a word of who did it.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="IpAddress">Where the request came from.</param>
/// <param name="UserAgent">The program that sent it.</param>
public sealed record AuditItem(
    Guid Id, DateTimeOffset CreatedAt, string TableName, Guid RecordId, string? Action, JsonNode? OldValues, JsonNode? NewValues,
    string? ChangedBy, JsonNode? Actor, Guid? ChangedByContactId, string? ChangeSummary, long? Version, string? IpAddress, string? UserAgent);

/// <summary>Pages of <c>audit_log</c>.</summary>
internal sealed class AuditList(NpgsqlDataSource source, IEnumerable<AuditMask> masks)
{
    private const string Columns = """
        id, created_at, table_name, record_id, action, old_values, new_values, business_context, changed_by_contact_id, change_summary,
        ip_address, user_agent
        """;

    /// <summary>
    /// How far back a list goes that names neither record nor time: the index over the time tells blocks of rows apart,
    /// not rows, and the newest of all would be looked for in all.
    /// </summary>
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(1);

    private readonly ILookup<string, AuditMask> _masks = masks.ToLookup(mask => mask.Table);

    /// <summary>What the list offers.</summary>
    internal static ListDefinition Definition { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["tableName"] = ListFilter.Text("table_name"),
            ["recordId"] = ListFilter.Uuid("record_id"),
            ["changedBy"] = ListFilter.Text(
                "changed_by_contact_id::text = $ OR business_context->'actor'->>'id' = $ OR business_context->'actor'->>'name' = $"),
            ["action"] = ListFilter.Text("action"),
            ["from"] = ListFilter.Since("created_at"),
            ["to"] = ListFilter.Until("created_at"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt");

    /// <summary>Reads a query string.</summary>
    public static Result<ListQuery> Parse(IEnumerable<KeyValuePair<string, string>> parameters, DateTimeOffset now)
    {
        var given = parameters.ToList();
        var query = Definition.Parse(given);
        if (!query.Succeeded || given.Any(pair => pair.Key is "recordId" or "from"))
        {
            return query;
        }

        var to = given.Where(pair => pair.Key == "to").Select(pair => pair.Value).FirstOrDefault();
        var end = to is not null && WireTime.TryParse(to, out var time) ? time : now;
        return query.Value with { Filters = [.. query.Value.Filters, ("created_at >= $", Sql.Time(end - DefaultSpan))] };
    }

    /// <summary>A page of rows as the caller may see them.</summary>
    public async Task<Page<AuditItem>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation)
    {
        var page = await query.RunAsync(source, Columns, "audit_log", Read, cancellation);
        return page with { Items = [.. page.Items.Select(item => Masked(item, caller))] };
    }

    private AuditItem Masked(AuditItem item, Caller caller) => _masks[item.TableName].Aggregate(
        item, (seen, mask) => seen with { OldValues = mask.Of(seen.OldValues, caller), NewValues = mask.Of(seen.NewValues, caller) });

    private static AuditItem Read(NpgsqlDataReader row)
    {
        var context = Json(row, 7);
        var actor = ClientNames(context?["actor"]);
        return new(
            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetGuid(3), row.Optional<string>(4),
            ClientNames(Json(row, 5)), ClientNames(Json(row, 6)), actor?["name"]?.GetValue<string>(), actor, row.OptionalValue<Guid>(8),
            row.Optional<string>(9), context?["version"]?.GetValue<long>(), row.Optional<string>(10), row.Optional<string>(11));
    }

    private static JsonNode? Json(NpgsqlDataReader row, int column) => row.Optional<string>(column) is { } text ? JsonNode.Parse(text) : null;

    // Rows keep the columns' names; clients know them in camelCase.
    private static JsonNode? ClientNames(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(CamelCase(field.Key), ClientNames(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(ClientNames)]),
        null => null,
        _ => node.DeepClone(),
    };

    private static string CamelCase(string column)
    {
        var words = column.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? column : string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
