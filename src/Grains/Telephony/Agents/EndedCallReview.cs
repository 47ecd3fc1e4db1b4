using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Calls;
using Npgsql;

namespace ChargeCars.Telephony.Agents;

/// <summary>
/// Takes agents out of calls that are over. The event of a call's end tells them; where it was lost, and the call was ended by what Aircall answered
/// or by its age, nobody does.
/// </summary>
internal sealed class EndedCallReview(NpgsqlDataSource source, IGrainFactory grains, TimeProvider time) : IExpiringRows
{
    private const string Select = """
        SELECT a.agent_id, c.call_id, greatest(c.ended_at, a.since) FROM agent_presence a JOIN call c ON c.call_id = a.call_id
        WHERE a.status = 'in_call' AND c.ended_at IS NOT NULL
        """;

    /// <inheritdoc/>
    public string Task => "take agents out of calls that are over";

    /// <inheritdoc/>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var ended = 0L;
        foreach (var (agent, call, at) in await ReadAsync(ct))
        {
            var left = await grains.GetGrain<IEntityGrain<AgentPresence>>(AgentKind.IdOf(agent)).ExecuteAsync(
                new TakeAgentEvent(new(new CallPerson(agent, null, null), AgentEventKind.CallEnded, at, CallId: call)),
                new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System));
            // The next round tries again with those that failed.
            ended += left.Succeeded ? 1 : 0;
        }

        return ended;
    }

    private async Task<List<(string Agent, string Call, DateTimeOffset At)>> ReadAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var left = new List<(string, string, DateTimeOffset)>();
        while (await row.ReadAsync(cancellation))
        {
            left.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return left;
    }
}
