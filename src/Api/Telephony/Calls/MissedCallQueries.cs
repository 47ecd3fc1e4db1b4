using ChargeCars.Api.Identity;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>A caller who is to be called back, and who does.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="ClaimedBy">Who calls them back now; null where nobody does.</param>
/// <param name="ClaimedUntil">When that claim expires, UTC.</param>
public sealed record MissedCallerView(MissedCaller Caller, Guid? ClaimedBy, DateTimeOffset? ClaimedUntil);

/// <summary>Who is to be called back, within what the caller may see.</summary>
internal sealed class MissedCallQueries(NpgsqlDataSource source, BusinessCalendars calendars, TimeProvider time)
{
    /// <summary>Who was not called back in this time does not wait any more.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(14);

    private const int MostCalls = 5_000;

    // Every call of those who were missed, either way: one that was answered settles those before it.
    private static readonly string SelectCalls = $"""
        WITH missed AS (
            SELECT c.* FROM call c WHERE c.created_at >= $1 AND c.direction = 'inbound' AND c.status IN ('no_answer', 'busy', 'failed', 'completed')
                AND (c.answered_at IS NULL OR c.is_answered_by_machine) AND (SCOPE)
            ORDER BY c.created_at DESC, c.id LIMIT {MostCalls})
        SELECT {CallKind.Rows.ColumnListOf("m")} FROM missed m
        UNION ALL
        SELECT {CallKind.Rows.ColumnListOf("c")} FROM call c
        WHERE c.created_at >= $1 AND c.answered_at IS NOT NULL AND NOT c.is_answered_by_machine
            AND c.caller_number IN (SELECT m.caller_number FROM missed m)
        """;

    private const string SelectMessages = """
        SELECT counterpart_key, max(sent_at) FROM communication_message
        WHERE counterpart_key = ANY ($1) AND direction = 'inbound' AND created_at >= $2 AND sent_at IS NOT NULL GROUP BY counterpart_key
        """;

    private static readonly string SelectCallBacks = $"SELECT {CallBackKind.Rows.ColumnList} FROM call_back WHERE caller = ANY ($1)";

    /// <summary>Who is to be called back, the most urgent first; at most so many.</summary>
    public async Task<IReadOnlyList<MissedCallerView>> ListAsync(Caller caller, int limit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var calls = await CallsAsync(caller, now - Horizon, cancellation);
        string[] keys = [.. calls.Select(call => MissedCalls.KeyOf(call) ?? call.CallId).Distinct()];
        var callBacks = await CallBacksAsync(keys, cancellation);
        var done = callBacks.Values.Where(one => one.DoneAt is not null).ToDictionary(one => one.Caller, one => one.DoneAt!.Value);
        var messages = await MessagesAsync(keys, now - Horizon, cancellation);
        var listens = caller.Permissions.Contains(Permissions.CallsListen);
        return
        [
            .. MissedCalls.ToCallBack(calls, messages, done, call => calendars.Of(call.BusinessEntity).Add(TimeSpan.FromTicks(1), call.StartedAt ?? call.CreatedAt), now)
                .Take(limit).Select(item =>
                {
                    var claim = callBacks.GetValueOrDefault(item.Key) is { ClaimedBy: { } by, ClaimedUntil: { } until } && until > now ? new CallBackClaim(by, until) : null;
                    return new MissedCallerView(listens ? item : item with { VoicemailUrl = null }, claim?.By, claim?.Until);
                }),
        ];
    }

    private async Task<List<Call>> CallsAsync(Caller caller, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Time(since));
        command.CommandText = SelectCalls.Replace("SCOPE", CallQueries.Visible(caller)?.AddTo(command.Parameters) ?? "true", StringComparison.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<Call>();
        while (await row.ReadAsync(cancellation))
        {
            calls.Add(CallKind.Rows.Read(row));
        }

        return calls;
    }

    private async Task<Dictionary<string, CallBack>> CallBacksAsync(string[] keys, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectCallBacks);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, keys));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, CallBack>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            var one = CallBackKind.Rows.Read(row);
            known[one.Caller] = one;
        }

        return known;
    }

    private async Task<List<CallerMessage>> MessagesAsync(string[] keys, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectMessages);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, keys));
        command.Parameters.Add(Sql.Time(since));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var messages = new List<CallerMessage>();
        while (await row.ReadAsync(cancellation))
        {
            messages.Add(new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        }

        return messages;
    }
}
