using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Telephony.Calls;

/// <summary>
/// Merges the events of a call into its row: pure, and the same row for every order and repetition of the same events. A status never
/// goes back, a known value is never replaced by an unknown one, and any event makes a call that was not known.
/// </summary>
internal static class CallMerge
{
    /// <summary>The id of the row of a call of Aircall's.</summary>
    public static Guid IdOf(string callId) => NameBasedId.Of($"aircall/call/{callId}");

    /// <summary>The call after an event; <paramref name="state"/> is null before the first.</summary>
    public static Call Apply(Call? state, CallEvent said)
    {
        var row = state ?? new() { Id = IdOf(said.CallId), CallId = said.CallId };
        var own = EvidenceJoin.Of(said);
        return Read(row, state is null ? own : EvidenceJoin.Join(row.Evidence, own));
    }

    /// <summary>Every column that follows from the evidence; the others stay.</summary>
    public static Call Read(Call row, CallEvidence evidence)
    {
        var times = CallTimes.Of(evidence);
        var legs = CallTimeline.Legs(evidence, times);
        return row with
        {
            Evidence = evidence,
            CallUuid = evidence.CallUuid?.Value,
            Cost = evidence.Cost?.Value,
            Direction = evidence.Direction?.Value,
            Status = StatusOf(evidence, times),
            StartedAt = Time(times.StartedAt),
            AnsweredAt = Time(times.AnsweredAt),
            EndedAt = Time(times.EndedAt),
            Duration = times.Duration,
            RingSeconds = times.RingSeconds,
            TalkSeconds = times.TalkSeconds,
            HoldSeconds = times.HoldSeconds,
            HasSuspectTimes = times.AreSuspect,
            DirectLink = evidence.DirectLink?.Value,
            RecordingUrl = evidence.RecordingUrl?.Value,
            VoicemailUrl = evidence.VoicemailUrl?.Value,
            HangupCause = evidence.HangupCause?.Value,
            MissedCallReason = evidence.MissedCallReason?.Value,
            Asset = evidence.Asset?.Value,
            RawDigits = evidence.RawDigits?.Value,
            CallerNumber = evidence.RawDigits?.Value == row.RawDigits ? row.CallerNumber : PhoneNumberRules.Read(evidence.RawDigits?.Value).E164,
            Line = evidence.Lines.OrderBy(line => line.First).ThenBy(line => line.Key, StringComparer.Ordinal)
                .Select(line => new CallLine(line.Key, line.Name?.Value, line.Detail?.Value)).FirstOrDefault(),
            AssignedTo = evidence.AssignedTo is { } assigned ? evidence.Agent(assigned.Value) : null,
            IsArchived = evidence.IsArchived?.Value ?? false,
            Tags = [.. evidence.Tags.Where(tag => IsOn(tag, evidence.Untagged)).Select(tag => new CallTag(tag.Key, tag.Name?.Value))],
            Teams =
            [
                .. evidence.Teams.OrderBy(team => team.First).ThenBy(team => team.Key, StringComparer.Ordinal)
                    .Select(team => new CallTeam(team.Key, team.Name?.Value)),
            ],
            Comments =
            [
                .. evidence.Comments.Where(version => IsLeft(version, evidence.CommentsLeft)).Select(version => version.Comment.Value)
                    .OrderBy(comment => comment.PostedAt).ThenBy(comment => comment.Id, Joins.IdOrder),
            ],
            IvrOptions = evidence.IvrOptions,
            Legs = legs,
            IsAnsweredByMachine = evidence.Moments.Any(moment => moment.Kind == CallEventKind.VoiceAgentStarted)
                && legs.All(leg => leg.AnsweredAt is null),
        };
    }

    private static CallStatus StatusOf(CallEvidence evidence, CallTimes times) => (times.IsOver, times.AnsweredAt) switch
    {
        (true, not null) => CallStatus.Completed,
        (true, null) => HangupCauses.StatusOf(evidence.HangupCause?.Value) ?? CallStatus.NoAnswer,
        (false, not null) => CallStatus.Answered,
        (false, null) => evidence.Moments.Any(moment => moment.Kind is CallEventKind.RingingOnAgent or CallEventKind.AgentDeclined)
            ? CallStatus.Ringing
            : CallStatus.Initial,
    };

    // What says which are left speaks of those that were listed before it.
    private static bool IsOn(TagSighting tag, Stamped<IReadOnlyList<string>>? untagged) =>
        untagged is null || tag.Last.At > untagged.Stamp.At || untagged.Value.Contains(tag.Key, StringComparer.Ordinal);

    // Those that people write here have another kind of id, and Aircall does not know them.
    private static bool IsLeft(CommentVersion version, Stamped<IReadOnlyList<string>>? left) =>
        left is null || version.Comment.Stamp.At > left.Stamp.At || left.Value.Contains(version.Key, StringComparer.Ordinal) || Guid.TryParse(version.Key, out _);

    private static DateTimeOffset? Time(long? unixMilliseconds) =>
        unixMilliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
