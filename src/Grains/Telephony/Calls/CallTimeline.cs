namespace ChargeCars.Telephony.Calls;

/// <summary>A call's moments in the order of time, told as each agent's part in it.</summary>
internal static class CallTimeline
{
    /// <summary>The agent of a key with their newest name and address.</summary>
    public static CallPerson Agent(this CallEvidence evidence, string key)
    {
        var known = evidence.Agents.FirstOrDefault(agent => agent.Key == key);
        return new(key, known?.Name?.Value, known?.Detail?.Value);
    }

    /// <summary>The earliest moment of any of these kinds, unix milliseconds.</summary>
    public static long? FirstOf(this CallEvidence evidence, params ReadOnlySpan<CallEventKind> kinds)
    {
        foreach (var moment in evidence.Moments)
        {
            if (kinds.Contains(moment.Kind))
            {
                return moment.At;
            }
        }

        return null;
    }

    /// <summary>When the caller was on hold; a hold that nobody took back lasts to the end.</summary>
    public static IEnumerable<(long From, long To)> Holds(IReadOnlyList<CallMoment> moments, long? ended)
    {
        long? since = null;
        foreach (var moment in moments)
        {
            if (moment.Kind == CallEventKind.Hold)
            {
                since ??= moment.At;
            }
            else if (since is { } from
                && moment.Kind is CallEventKind.Unhold or CallEventKind.Hungup or CallEventKind.ExternalTransferred or CallEventKind.Ended)
            {
                var to = Math.Min(moment.At, ended ?? long.MaxValue);
                since = null;
                if (to > from)
                {
                    yield return (from, to);
                }
            }
        }

        if (since is { } open && ended > open)
        {
            yield return (open, ended.Value);
        }
    }

    /// <summary>Each agent's part, in the order in which they came in.</summary>
    public static IReadOnlyList<CallLeg> Legs(CallEvidence evidence, CallTimes times)
    {
        var holds = Holds(evidence.Moments, times.EndedAt).ToArray();
        var talk = new TalkWalk(evidence, times);
        foreach (var moment in evidence.Moments)
        {
            talk.Take(moment);
        }

        talk.End();
        return
        [
            .. talk.Legs.Where(leg => leg.Key.Length > 0).OrderBy(leg => leg.Value.Entered).ThenBy(leg => leg.Key, Joins.IdOrder)
                .Select(leg => leg.Value.ToLeg(evidence.Agent(leg.Key), holds)),
        ];
    }
}
