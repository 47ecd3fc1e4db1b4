namespace ChargeCars.Telephony.Calls;

/// <summary>
/// The calls as they were at a moment, by their own times: those that had begun, how far each of them had got, and what their events had
/// said by then. Not by the audit, as <see cref="Platform.Entities.RowsThen"/>: it still has the numbers of people who were erased.
/// </summary>
internal static class CallsThen
{
    /// <summary>What is known of a call only once it is over.</summary>
    private static readonly string[] AtItsEnd =
        ["ended_at", "duration", "talk_seconds", "cost", "recording_url", "voicemail_url", "asset", "hangup_cause", "missed_call_reason"];

    /// <summary>What is known of it once somebody has answered.</summary>
    private static readonly string[] AtItsAnswer = ["answered_at"];

    /// <summary>A query for all columns of a call's record, to be used in the place of the table; <see cref="Told"/> says the rest of each.</summary>
    /// <param name="at">Where the moment stands in the statement, as in <c>$1</c>.</param>
    public static string Of(string at)
    {
        var columns = CallKind.Rows.Columns.Select(column => column.Name switch
        {
            "status" => $"CASE WHEN answered_at > {at} OR (answered_at IS NULL AND ended_at > {at}) THEN 'ringing' WHEN ended_at > {at} THEN 'answered' ELSE status END AS status",
            "texts" => $"CASE WHEN ended_at > {at} THEN ARRAY[]::text[] ELSE texts END AS texts",
            var name when AtItsEnd.Contains(name) => $"CASE WHEN ended_at > {at} THEN NULL ELSE {column.Quoted} END AS {column.Quoted}",
            var name when AtItsAnswer.Contains(name) => $"CASE WHEN answered_at > {at} THEN NULL ELSE {column.Quoted} END AS {column.Quoted}",
            _ => column.Quoted,
        });
        // By both columns, as each has an index.
        return $"""
            SELECT {string.Join(", ", columns)} FROM call WHERE started_at <= {at}
            UNION ALL
            SELECT {string.Join(", ", columns)} FROM call WHERE started_at IS NULL AND created_at <= {at}
            """;
    }

    /// <summary>
    /// A call of that query with who had a part in it, and what was noted of it, by then. Of what is said
    /// again and again, such as a tag, only the last time is known, and it counts from there on.
    /// </summary>
    /// <param name="call">The call, its status and times already those of the moment.</param>
    /// <param name="at">The moment, UTC.</param>
    public static Call Told(Call call, DateTimeOffset at)
    {
        var isOver = call.EndedAt is not null;
        var told = CallMerge.Read(call, Until(call.Evidence, at.ToUnixTimeMilliseconds(), isOver));
        return call with
        {
            AssignedTo = told.AssignedTo,
            IsArchived = told.IsArchived,
            Tags = told.Tags,
            Teams = told.Teams,
            Comments = told.Comments,
            IvrOptions = told.IvrOptions,
            // Of a call that is over they are final.
            Legs = isOver ? call.Legs : told.Legs,
            RingSeconds = isOver ? call.RingSeconds : told.RingSeconds,
            HoldSeconds = isOver ? call.HoldSeconds : told.HoldSeconds,
            HasSuspectTimes = isOver ? call.HasSuspectTimes : told.HasSuspectTimes,
            IsAnsweredByMachine = isOver ? call.IsAnsweredByMachine : told.IsAnsweredByMachine,
        };
    }

    /// <summary>What had been said by a moment, unix milliseconds. The times of a call may be stated later than they are.</summary>
    private static CallEvidence Until(CallEvidence evidence, long at, bool isOver) => evidence with
    {
        AnsweredAt = evidence.AnsweredAt?.Value <= at ? evidence.AnsweredAt : null,
        EndedAt = evidence.EndedAt?.Value <= at ? evidence.EndedAt : null,
        IsDone = evidence.IsDone && isOver,
        LastAgent = SaidBy(evidence.LastAgent, at),
        AssignedTo = SaidBy(evidence.AssignedTo, at),
        IsArchived = SaidBy(evidence.IsArchived, at),
        Teams = [.. evidence.Teams.Where(team => team.First.At <= at)],
        Tags = [.. evidence.Tags.Where(tag => tag.Last.At <= at)],
        Untagged = SaidBy(evidence.Untagged, at),
        CommentsLeft = SaidBy(evidence.CommentsLeft, at),
        Comments = [.. evidence.Comments.Where(version => (version.Comment.Value.PostedAt?.ToUnixTimeMilliseconds() ?? version.Comment.Stamp.At) <= at)],
        // What has no time was chosen before anybody could answer.
        IvrOptions = [.. evidence.IvrOptions.Where(choice => choice.CreatedAt is null || choice.CreatedAt.Value.ToUnixTimeMilliseconds() <= at)],
        Moments = [.. evidence.Moments.Where(moment => moment.At <= at)],
    };

    private static Stamped<T>? SaidBy<T>(Stamped<T>? said, long at) => said?.Stamp.At <= at ? said : null;
}
