using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Pops;

/// <summary>When a call's card opens and closes on dispatchers' screens.</summary>
internal static class PopRules
{
    /// <summary>An event older than this is a late repetition, and opens nothing.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(60);

    /// <summary>A call that rings longer lost its hang-up.</summary>
    public static readonly TimeSpan LongestRing = TimeSpan.FromMinutes(10);

    /// <summary>What an event did to the card, from the call before (null: unknown) and after it. <paramref name="now"/> is UTC.</summary>
    public static PopChange After(Call? before, Call after, CallEvent said, DateTimeOffset now)
    {
        var (was, rings) = (before is not null && Rings(before), Rings(after));
        if (!rings)
        {
            return was ? new(PopAction.Close, TakenBy: TakenBy(after)) : PopChange.None;
        }

        return said.Kind switch
        {
            CallEventKind.Created when IsFresh(said, now) => new(PopAction.Open),
            CallEventKind.RingingOnAgent when IsFresh(said, now) && !HasDeclined(after, said) => new(PopAction.Open, said.Agent),
            CallEventKind.AgentDeclined when said.Agent is { } agent && !RingsAt(after, agent.Id) => new(PopAction.CloseForAgent, agent),
            _ => PopChange.None,
        };
    }

    /// <summary>The card that a screen which connects now shows, of a call that rings or is talked; null where none is open.</summary>
    public static PopCard? CardOf(Call call, DateTimeOffset now)
    {
        var isTalked = call is { Direction: not CallDirection.Outbound, Status: CallStatus.Answered };
        if ((!Rings(call) && !isTalked) || call.Evidence.Moments.Count == 0)
        {
            return null;
        }

        var since = call.StartedAt ?? DateTimeOffset.FromUnixTimeMilliseconds(call.Evidence.Moments[0].At);
        return now - since > (isTalked ? StaleCalls.LongestTalk : LongestRing)
            ? null
            : new(isTalked ? [] : [.. call.Legs.Select(leg => leg.Agent).Where(agent => RingsAt(call, agent.Id))], since);
    }

    private static bool Rings(Call call) =>
        call.Direction != CallDirection.Outbound && call.Status is CallStatus.Initial or CallStatus.Ringing;

    private static bool IsFresh(CallEvent said, DateTimeOffset now) => now - said.At <= Freshness;

    private static bool HasDeclined(Call call, CallEvent said) => said.Agent is { } agent && !RingsAt(call, agent.Id);

    // The decline may have overtaken the ring, and a phone may ring again after one.
    private static bool RingsAt(Call call, string agent) => call.Evidence.Moments
        .LastOrDefault(moment => moment.Agent == agent && moment.Kind is CallEventKind.RingingOnAgent or CallEventKind.AgentDeclined)
        is { Kind: CallEventKind.RingingOnAgent };

    private static CallPerson? TakenBy(Call call) => call.Legs.FirstOrDefault(leg => leg.AnsweredAt is not null)?.Agent;
}
