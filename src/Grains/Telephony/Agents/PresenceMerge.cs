using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Agents;

/// <summary>What an agent does, joined from their events and their calls' in any order and repetition.</summary>
internal static class PresenceMerge
{
    private const int MaxEndedCalls = 50;

    /// <summary>The agent after an event; <paramref name="state"/> is null before the first.</summary>
    public static AgentPresence Apply(AgentPresence? state, AgentEvent said)
    {
        var stamp = new Stamp(said.At.ToUnixTimeMilliseconds(), (int)said.Kind);
        var known = state ?? new() { AgentId = said.Agent.Id };
        known = known with { Name = Last(known.Name, said.Agent.Name), Email = Last(known.Email, said.Agent.Email) };
        return Read(said.Kind switch
        {
            AgentEventKind.Created => known with { Exists = Is(known.Exists, true) },
            AgentEventKind.Deleted => known with { Exists = Is(known.Exists, false) },
            AgentEventKind.Connected => known with { IsConnected = Is(known.IsConnected, true) },
            AgentEventKind.Disconnected => known with { IsConnected = Is(known.IsConnected, false) },
            AgentEventKind.Opened => known with { IsOpen = Is(known.IsOpen, true) },
            AgentEventKind.Closed => known with { IsOpen = Is(known.IsOpen, false), Substatus = Last(known.Substatus, said.Substatus) },
            AgentEventKind.WrapUpStarted => known with { IsWrappingUp = Is(known.IsWrappingUp, true) },
            AgentEventKind.WrapUpEnded => known with { IsWrappingUp = Is(known.IsWrappingUp, false) },
            AgentEventKind.CallStarted => known with { LastCall = Last(known.LastCall, said.CallId) },
            AgentEventKind.CallEnded when said.CallId is { } call => known with { EndedCalls = Ended(known.EndedCalls, new(call, stamp)) },
            _ => known,
        });

        Stamped<bool>? Is(Stamped<bool>? before, bool value) => Joins.Last(before, new(value, stamp));

        Stamped<string>? Last(Stamped<string>? before, string? value) => value is null ? before : Joins.Last(before, new(value, stamp));
    }

    /// <summary>What an event of a call says of agents.</summary>
    public static IEnumerable<AgentEvent> Of(CallEvent said)
    {
        if (said is { Kind: CallEventKind.Answered, Agent: { } answers })
        {
            yield return new(answers, AgentEventKind.CallStarted, said.At, CallId: said.CallId);
        }
        else if (said is { Kind: CallEventKind.Hungup or CallEventKind.Ended or CallEventKind.ExternalTransferred, Agent: { } leaves })
        {
            yield return new(leaves, AgentEventKind.CallEnded, said.At, CallId: said.CallId);
        }
        else if (said is { Kind: CallEventKind.Transferred } && (said.TransferredBy ?? said.Agent) is { } hands)
        {
            yield return new(hands, AgentEventKind.CallEnded, said.At, CallId: said.CallId);
        }
    }

    private static Stamped<string>[] Ended(IReadOnlyList<Stamped<string>> calls, Stamped<string> call) =>
    [
        .. calls.Append(call).Distinct().OrderBy(one => one.Stamp).ThenBy(one => one.Value, StringComparer.Ordinal).TakeLast(MaxEndedCalls),
    ];

    private static AgentPresence Read(AgentPresence known)
    {
        // A call that an agent took up again after handing it over is theirs again.
        var inCall = known.LastCall is { } call && !known.EndedCalls.Any(ended => ended.Value == call.Value && ended.Stamp.At >= call.Stamp.At);
        var (status, since) = known switch
        {
            { Exists: { Value: false } removed } => (AgentStatus.Removed, (Stamp?)removed.Stamp),
            _ when inCall => (AgentStatus.InCall, known.LastCall!.Stamp),
            { IsConnected: { Value: false } off } => (AgentStatus.Offline, off.Stamp),
            { IsWrappingUp: { Value: true } wrapUp } => (AgentStatus.WrapUp, wrapUp.Stamp),
            { IsOpen: { Value: false } closed } => (AgentStatus.Unavailable, closed.Stamp),
            { IsOpen: { Value: true } open } => (AgentStatus.Available, Latest(open.Stamp, known.IsConnected?.Stamp, known.IsWrappingUp?.Stamp)),
            { IsConnected: { Value: true } on } => (AgentStatus.Available, on.Stamp),
            _ => (AgentStatus.Unknown, null),
        };
        return known with
        {
            Status = status,
            Since = since is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.At) : null,
            CallId = status == AgentStatus.InCall ? known.LastCall!.Value : null,
            // Calls that ended before the agent took the last one no longer matter: they can't end that call or a later one.
            EndedCalls = known.LastCall is { } last ? [.. known.EndedCalls.Where(ended => ended.Stamp.At >= last.Stamp.At)] : known.EndedCalls,
        };
    }

    private static Stamp Latest(Stamp one, params ReadOnlySpan<Stamp?> others)
    {
        foreach (var other in others)
        {
            one = other is { } later && later > one ? later : one;
        }

        return one;
    }
}
