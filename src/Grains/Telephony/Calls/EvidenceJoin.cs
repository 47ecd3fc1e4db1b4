namespace ChargeCars.Telephony.Calls;

/// <summary>What an event says, and what two events say together.</summary>
internal static class EvidenceJoin
{
    private const int MaxNamed = 100;
    private const int MaxComments = 200;
    private const int MaxMoments = 500;
    private const int MaxListed = 1_000;

    // A list that we read has our clock's time, and is read beside events that have Aircall's, in whole seconds: of what they said just before, or at
    // the same moment, it says nothing.
    private static readonly TimeSpan MayOvertake = TimeSpan.FromSeconds(30);

    private static readonly Comparer<CallMoment> TimeOrder = Comparer<CallMoment>.Create((one, other) =>
        one.At != other.At ? one.At.CompareTo(other.At)
        : one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind)
        : string.CompareOrdinal(one.Agent, other.Agent) is not 0 and var byAgent ? byAgent
        : string.CompareOrdinal(one.To, other.To));

    private static readonly Comparer<IvrChoice> ChoiceOrder = Comparer<IvrChoice>.Create((one, other) =>
        Nullable.Compare(one.CreatedAt, other.CreatedAt) is not 0 and var byTime ? byTime : string.CompareOrdinal(one.ToString(), other.ToString()));

    /// <summary>The evidence of one event alone.</summary>
    public static CallEvidence Of(CallEvent said)
    {
        var at = said.At.ToUnixTimeMilliseconds();
        var agents = new[] { said.Agent, said.AssignedTo, said.TransferredBy, said.TransferredTo }.OfType<CallPerson>().ToArray();
        var whose = said.Kind == CallEventKind.Transferred ? said.TransferredBy ?? said.Agent : said.Agent;
        var evidence = new CallEvidence
        {
            CallUuid = Say(said.CallUuid),
            Direction = SayValue(said.Direction),
            RawDigits = Say(said.RawDigits),
            StartedAt = SayValue(said.StartedAt?.ToUnixTimeMilliseconds()),
            AnsweredAt = SayValue(said.AnsweredAt?.ToUnixTimeMilliseconds()),
            EndedAt = SayValue(said.EndedAt?.ToUnixTimeMilliseconds()),
            Duration = SayValue(said.Duration),
            DirectLink = Say(said.DirectLink),
            MissedCallReason = Say(said.MissedCallReason),
            HangupCause = Say(said.HangupCause),
            Cost = SayValue(said.Cost),
            Asset = Say(said.Asset),
            RecordingUrl = Say(said.RecordingUrl),
            VoicemailUrl = Say(said.VoicemailUrl),
            LastAgent = Say(said.Agent?.Id),
            AssignedTo = Say(said.AssignedTo?.Id),
            IsArchived = SayValue(said.IsArchived),
            IsDone = said.IsDone,
            Lines = said.Line is { } line ? [new(line.Id, Stamp(), Say(line.Name), Say(line.Digits))] : [],
            Untagged = said.HasAllTags ? Left(said.Tags.Select(tag => tag.Id)) : null,
            CommentsLeft = said.HasAllComments ? Left(said.Comments.Select(comment => comment.Id)) : null,
            Moments = [new(at, said.Kind, whose?.Id, said.TransferredTo?.Id)],
        };
        return evidence with
        {
            Agents = United(agents.Select((agent, i) => new Named(agent.Id, Stamp(i), Say(agent.Name), Say(agent.Email)))),
            Teams = United(said.Teams.Select((team, i) => new Named(team.Id, Stamp(i), Say(team.Name), null))),
            Tags = Joins.Gather(said.Tags.Select(tag => new TagSighting(tag.Id, Stamp(), Say(tag.Name))), tag => tag.Key, Join, Joins.IdOrder, MaxNamed),
            Comments = Joins.Gather(
                said.Comments.Select(comment => new CommentVersion(comment.Id, new(comment, Stamp()))), comment => comment.Key, Join, Joins.IdOrder,
                MaxComments, keepGreatest: true),
            IvrOptions = Joins.Gather(said.IvrOptions, choice => choice, (known, _) => known, ChoiceOrder, MaxNamed),
        };

        Stamp Stamp(int index = 0) => new(at, ((int)said.Kind * MaxListed) + Math.Min(index, MaxListed - 1));

        Stamped<IReadOnlyList<string>> Left(IEnumerable<string> keys) => new(
            [.. keys.Take(MaxListed).Distinct().Order(StringComparer.Ordinal)],
            said.Kind == CallEventKind.Snapshot ? Stamp() with { At = at - (long)MayOvertake.TotalMilliseconds } : Stamp());

        Stamped<string>? Say(string? value) => value is null ? null : new(value, Stamp());

        Stamped<T>? SayValue<T>(T? value) where T : struct => value is { } known ? new(known, Stamp()) : null;

        IReadOnlyList<Named> United(IEnumerable<Named> named) => Joins.Gather(named, one => one.Key, Join, Joins.IdOrder, MaxNamed);
    }

    /// <summary>What two say together.</summary>
    public static CallEvidence Join(CallEvidence one, CallEvidence other) => new()
    {
        CallUuid = Joins.First(one.CallUuid, other.CallUuid),
        Direction = Joins.First(one.Direction, other.Direction),
        RawDigits = Joins.First(one.RawDigits, other.RawDigits),
        StartedAt = Joins.First(one.StartedAt, other.StartedAt),
        AnsweredAt = Joins.First(one.AnsweredAt, other.AnsweredAt),
        EndedAt = Joins.Last(one.EndedAt, other.EndedAt),
        Duration = Joins.Last(one.Duration, other.Duration),
        DirectLink = Joins.Last(one.DirectLink, other.DirectLink),
        MissedCallReason = Joins.Last(one.MissedCallReason, other.MissedCallReason),
        HangupCause = Joins.Last(one.HangupCause, other.HangupCause),
        Cost = Joins.Last(one.Cost, other.Cost),
        Asset = Joins.Last(one.Asset, other.Asset),
        RecordingUrl = Joins.Last(one.RecordingUrl, other.RecordingUrl),
        VoicemailUrl = Joins.Last(one.VoicemailUrl, other.VoicemailUrl),
        LastAgent = Joins.Last(one.LastAgent, other.LastAgent),
        AssignedTo = Joins.Last(one.AssignedTo, other.AssignedTo),
        IsArchived = Joins.Last(one.IsArchived, other.IsArchived),
        IsDone = one.IsDone || other.IsDone,
        Lines = Joins.Union(one.Lines, other.Lines, line => line.Key, Join, Joins.IdOrder, MaxNamed),
        Agents = Joins.Union(one.Agents, other.Agents, agent => agent.Key, Join, Joins.IdOrder, MaxNamed),
        Teams = Joins.Union(one.Teams, other.Teams, team => team.Key, Join, Joins.IdOrder, MaxNamed),
        Tags = Joins.Union(one.Tags, other.Tags, tag => tag.Key, Join, Joins.IdOrder, MaxNamed),
        Untagged = Newest(one.Untagged, other.Untagged),
        CommentsLeft = Newest(one.CommentsLeft, other.CommentsLeft),
        Comments = Joins.Union(one.Comments, other.Comments, comment => comment.Key, Join, Joins.IdOrder, MaxComments, keepGreatest: true),
        IvrOptions = Joins.Union(one.IvrOptions, other.IvrOptions, choice => choice, (known, _) => known, ChoiceOrder, MaxNamed),
        Moments = Joins.Union(one.Moments, other.Moments, moment => moment, (known, _) => known, TimeOrder, MaxMoments),
    };

    private static Named Join(Named one, Named other) => new(
        one.Key, one.First <= other.First ? one.First : other.First, Joins.Last(one.Name, other.Name), Joins.Last(one.Detail, other.Detail));

    private static TagSighting Join(TagSighting one, TagSighting other) => new(
        one.Key, one.Last >= other.Last ? one.Last : other.Last, Joins.Last(one.Name, other.Name));

    private static CommentVersion Join(CommentVersion one, CommentVersion other) => new(one.Key, Joins.Last(one.Comment, other.Comment)!);

    // Two taken off within a second: what is left is what both leave.
    private static Stamped<IReadOnlyList<string>>? Newest(Stamped<IReadOnlyList<string>>? one, Stamped<IReadOnlyList<string>>? other) =>
        one is null ? other
        : other is null ? one
        : one.Stamp.CompareTo(other.Stamp) switch
        {
            > 0 => one,
            < 0 => other,
            _ => new([.. one.Value.Intersect(other.Value, StringComparer.Ordinal)], one.Stamp),
        };
}
