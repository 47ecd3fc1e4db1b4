using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Telephony.Missed;

/// <summary>Somebody who is to be called back, as far as it is known.</summary>
/// <param name="Caller">Who.</param>
/// <param name="BusinessEntity">The name that they called last.</param>
/// <param name="CallBack">What is done about them; null while nothing is.</param>
internal sealed record MissedItem(MissedCaller Caller, BusinessEntity? BusinessEntity, CallBack? CallBack);

/// <summary>Reads who is to be called back.</summary>
internal sealed class MissedCallReader(NpgsqlDataSource source, BusinessCalendars calendars)
{
    /// <summary>Who was not called back in this time does not wait any more.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(14);

    private const int MostCalls = 5_000;

    // Every call of those who were missed, either way: one that was answered settles those before it.
    private static readonly string SelectCalls = $"""
        WITH missed AS (
            SELECT c.* FROM CALLS c WHERE c.created_at >= $1 AND c.direction = 'inbound' AND c.status IN ('no_answer', 'busy', 'failed', 'completed')
                AND (c.answered_at IS NULL OR c.is_answered_by_machine) AND (SCOPE)
            ORDER BY c.created_at DESC, c.id LIMIT {MostCalls})
        SELECT {CallKind.Rows.ColumnListOf("m")} FROM missed m
        UNION ALL
        SELECT {CallKind.Rows.ColumnListOf("c")} FROM CALLS c
        WHERE c.created_at >= $1 AND c.answered_at IS NOT NULL AND NOT c.is_answered_by_machine
            AND c.caller_number IN (SELECT m.caller_number FROM missed m)
        """;

    private const string SelectMessages = """
        SELECT counterpart_key, max(sent_at) FROM communication_message
        WHERE counterpart_key = ANY ($1) AND direction = 'inbound' AND created_at >= $2 AND sent_at <= $3 GROUP BY counterpart_key
        """;

    private static readonly string SelectCallBacks = $"SELECT {CallBackKind.Rows.ColumnList} FROM call_back WHERE caller = ANY ($1)";

    private static readonly string SelectCallBacksThen =
        $"SELECT {CallBackKind.Rows.ColumnList} FROM ({RowsThen.Of(CallBackKind.Rows, "$2", null, null, "caller", "note")}) AS call_back WHERE caller = ANY ($1)";

    /// <summary>Who is to be called back, the most urgent first.</summary>
    /// <param name="scope">The calls that are looked at, as a condition on their columns; null for all.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="isPast">Whether that moment is past, and what stood then is wanted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<MissedItem>> ReadAsync(ScopeCondition? scope, DateTimeOffset now, bool isPast, CancellationToken cancellation)
    {
        var calls = await CallsAsync(scope, now, isPast, cancellation);
        if (calls.Count == 0)
        {
            return [];
        }

        string[] keys = [.. calls.Select(call => MissedCalls.KeyOf(call) ?? call.CallId).Distinct()];
        var callBacks = await CallBacksAsync(keys, isPast ? now : null, cancellation);
        var done = callBacks.Values.Where(one => one.DoneAt is not null).ToDictionary(one => one.Caller, one => one.DoneAt!.Value);
        var messages = await MessagesAsync(keys, now, cancellation);
        var entities = calls.ToLookup(call => call.Id, call => call.BusinessEntity);
        return
        [
            .. MissedCalls.ToCallBack(calls, messages, done, call => calendars.Of(call.BusinessEntity).Add(TimeSpan.FromTicks(1), call.StartedAt ?? call.CreatedAt), now)
                .Select(caller => new MissedItem(caller, entities[caller.CallIds[0]].First(), callBacks.GetValueOrDefault(caller.Key))),
        ];
    }

    private async Task<List<Call>> CallsAsync(ScopeCondition? scope, DateTimeOffset now, bool isPast, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Time(now - Horizon));
        var table = "call";
        if (isPast)
        {
            // Its own bound too: without one a moment of long ago reads every call since.
            command.Parameters.Add(Sql.Time(now));
            table = $"({CallsThen.Of("$2")})";
        }

        command.CommandText = SelectCalls.Replace("CALLS", table, StringComparison.Ordinal)
            .Replace("SCOPE", scope?.AddTo(command.Parameters) ?? "true", StringComparison.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var calls = new List<Call>();
        while (await row.ReadAsync(cancellation))
        {
            var call = CallKind.Rows.Read(row);
            calls.Add(isPast ? CallsThen.Told(call, now) : call);
        }

        return calls;
    }

    private async Task<Dictionary<string, CallBack>> CallBacksAsync(string[] keys, DateTimeOffset? at, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(at is null ? SelectCallBacks : SelectCallBacksThen);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, keys));
        if (at is { } moment)
        {
            command.Parameters.Add(Sql.Time(moment));
        }

        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, CallBack>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            var one = CallBackKind.Rows.Read(row);
            known[one.Caller] = one;
        }

        return known;
    }

    private async Task<List<CallerMessage>> MessagesAsync(string[] keys, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectMessages);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, keys));
        command.Parameters.Add(Sql.Time(now - Horizon));
        command.Parameters.Add(Sql.Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var messages = new List<CallerMessage>();
        while (await row.ReadAsync(cancellation))
        {
            messages.Add(new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        }

        return messages;
    }
}
