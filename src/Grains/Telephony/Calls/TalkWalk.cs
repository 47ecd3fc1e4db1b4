namespace ChargeCars.Telephony.Calls;

/// <summary>Walks through the moments and knows who talks.</summary>
internal sealed class TalkWalk(CallEvidence evidence, CallTimes times)
{
    private string? _talks;
    private string? _before;

    public Dictionary<string, TalkLeg> Legs { get; } = [];

    public void Take(CallMoment moment)
    {
        var agent = moment.Agent ?? "";
        switch (moment.Kind)
        {
            case CallEventKind.RingingOnAgent:
                Of(agent).Ring(moment.At);
                break;
            case CallEventKind.AgentDeclined:
                Of(agent).Decline(moment.At);
                break;
            case CallEventKind.Answered:
                Answer(moment.Agent ?? evidence.LastAgent?.Value ?? "", moment.At);
                break;
            case CallEventKind.Transferred:
                HandOver(moment);
                break;
            case CallEventKind.UnsuccessfulTransfer when _before is { } before && _talks != before:
                Stop(moment.At);
                Start(before, moment.At);
                break;
            case CallEventKind.ExternalTransferred:
                Stop(moment.At);
                break;
        }
    }

    /// <summary>Who still talks when it ends, or all along where no event said who answered.</summary>
    public void End()
    {
        if (_talks is null && times.AnsweredAt is { } answered && Legs.Values.All(leg => leg.AnsweredAt is null) && evidence.LastAgent is { } last)
        {
            Start(last.Value, answered);
        }

        if (times.EndedAt is { } ended)
        {
            Stop(ended);
        }
    }

    private void Answer(string agent, long at)
    {
        if (_talks == agent)
        {
            return;
        }

        Stop(at);
        // The first answer is stated to the moment; the event may be a little later.
        Start(agent, Legs.Values.All(leg => leg.AnsweredAt is null) ? times.AnsweredAt ?? at : at);
    }

    private void HandOver(CallMoment moment)
    {
        _before = moment.Agent ?? _talks;
        Stop(moment.At);
        // Whose phone rings first answers by an event of their own; who was asked before is in it at once.
        if (moment.To is { } to && !evidence.Moments.Any(later => later.Kind == CallEventKind.Answered && later.Agent == to && later.At >= moment.At))
        {
            Start(to, moment.At);
        }
    }

    private void Start(string agent, long at)
    {
        _talks = agent;
        Of(agent).Start(at);
    }

    private void Stop(long at)
    {
        if (_talks is { } agent)
        {
            Of(agent).Stop(times.EndedAt is { } ended ? Math.Min(at, ended) : at);
            _talks = null;
        }
    }

    private TalkLeg Of(string agent) => Legs.TryGetValue(agent, out var leg) ? leg : Legs[agent] = new();
}
