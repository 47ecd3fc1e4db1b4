using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using Npgsql;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>Reads calls, within what the caller may see: those of their business entities; a partner, and who sees only own work, none.</summary>
internal sealed class CallQueries(NpgsqlDataSource source)
{
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["callId"] = ListFilter.Text("call_id"),
            ["status"] = ListFilter.Word<CallStatus>("status"),
            ["direction"] = ListFilter.Word<CallDirection>("direction"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["businessPhoneNumberId"] = ListFilter.Uuid("business_phone_number_id"),
            ["phoneNumberId"] = ListFilter.Uuid("phone_number_id"),
            ["callerNumber"] = ListFilter.Text("caller_number"),
            ["from"] = ListFilter.Since("started_at"),
            ["to"] = ListFilter.Until("started_at"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt")
    {
        HasPast = true,
    };

    private static readonly string Then = $"({CallsThen.Of("$1")}) AS call";

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            caller.PartnerOrganizationId is null ? null : "false",
            caller.Vehicles is null ? null : "false",
            text.OfBusinessEntities(caller));
    }

    public Task<Page<Call>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation)
    {
        var scoped = query with { Scope = Visible(caller) };
        return query.At is { } at
            ? scoped.RunAsync(source, CallKind.Rows.ColumnList, Then, row => CallsThen.Told(CallKind.Rows.Read(row), at), cancellation)
            : scoped.RunAsync(source, CallKind.Rows.ColumnList, CallKind.Rows.From, CallKind.Rows.Read, cancellation);
    }

    /// <summary>The calls that began since a time, UTC, and are in one of these statuses.</summary>
    public async Task<IReadOnlyList<Call>> OpenAsync(IReadOnlyList<string> statuses, DateTimeOffset since, Caller caller, CancellationToken cancellation) => (await PageAsync(List.All with
    {
        Limit = 100, Filters = [("status = ANY ($)", Sql.Array(NpgsqlTypes.NpgsqlDbType.Text, [.. statuses])), ("created_at >= $", Sql.Time(since))],
    }, caller, cancellation)).Items;

    public async Task<Call?> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        (await PageAsync(List.All with { Limit = 1, Filters = [("id", Sql.Uuid(id))] }, caller, cancellation)).Items is [var call] ? call : null;

    /// <summary>Whether an entry of a contact's is of this number, in E.164.</summary>
    public async Task<bool> IsNumberAsync(Guid id, string number, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT FROM phone_number WHERE id = $1 AND phone_number = $2)");
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Text(number));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
