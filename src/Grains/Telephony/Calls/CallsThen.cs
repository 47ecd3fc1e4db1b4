namespace ChargeCars.Telephony.Calls;

/// <summary>
/// The calls as they were at a moment, by their own times: those that had begun, and how far each of them had got. Not by the audit, as
/// <see cref="Platform.Entities.RowsThen"/>: it still has the numbers of people who were erased.
/// </summary>
internal static class CallsThen
{
    /// <summary>What is known of a call only once it is over.</summary>
    private static readonly string[] AtItsEnd =
        ["ended_at", "duration", "talk_seconds", "cost", "recording_url", "voicemail_url", "asset", "hangup_cause", "missed_call_reason"];

    /// <summary>What is known of it once somebody has answered.</summary>
    private static readonly string[] AtItsAnswer = ["answered_at"];

    /// <summary>A query for all columns of a call's record, to be used in the place of the table.</summary>
    /// <param name="at">Where the moment stands in the statement, as in <c>$1</c>.</param>
    public static string Of(string at)
    {
        var columns = CallKind.Rows.Columns.Select(column => column.Name switch
        {
            "status" => $"CASE WHEN answered_at > {at} OR (answered_at IS NULL AND ended_at > {at}) THEN 'ringing' WHEN ended_at > {at} THEN 'answered' ELSE status END AS status",
            var name when AtItsEnd.Contains(name) => $"CASE WHEN ended_at > {at} THEN NULL ELSE {column.Quoted} END AS {column.Quoted}",
            var name when AtItsAnswer.Contains(name) => $"CASE WHEN answered_at > {at} THEN NULL ELSE {column.Quoted} END AS {column.Quoted}",
            _ => column.Quoted,
        });
        return $"SELECT {string.Join(", ", columns)} FROM call WHERE coalesce(started_at, created_at) <= {at}";
    }
}
