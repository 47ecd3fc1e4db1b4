using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Missed;

/// <summary>A message that came from a caller.</summary>
/// <param name="CallerNumber">Their number, E.164.</param>
/// <param name="At">UTC.</param>
internal sealed record CallerMessage(string CallerNumber, DateTimeOffset At);

/// <summary>Which calls were missed, and who is to be called back for them.</summary>
internal static class MissedCalls
{
    /// <summary>Aircall's reason for calls outside of the number's hours.</summary>
    public const string OutOfHours = "out_of_opening_hours";

    private static readonly string[] HastyReasons = ["short_abandoned", "abandoned_in_ivr"];

    /// <summary>Inbound, over, and no person answered it. One with a withheld number counts only with a voicemail.</summary>
    public static bool IsMissed(Call call) =>
        call is { Direction: CallDirection.Inbound, Status: CallStatus.NoAnswer or CallStatus.Busy or CallStatus.Failed or CallStatus.Completed }
        && !IsAnsweredByPerson(call)
        && (KeyOf(call) is not null || call.VoicemailUrl is not null);

    /// <summary>Whether somebody of ours, or whoever was called, spoke.</summary>
    public static bool IsAnsweredByPerson(Call call) => call is { AnsweredAt: not null, IsAnsweredByMachine: false };

    /// <summary>How soon a missed call wants to be answered.</summary>
    public static MissedUrgency UrgencyOf(Call call) =>
        call.VoicemailUrl is null && HastyReasons.Contains(call.MissedCallReason, StringComparer.OrdinalIgnoreCase) ? MissedUrgency.Low : MissedUrgency.Normal;

    /// <summary>What the calls of one caller have in common; null where the number is withheld.</summary>
    public static string? KeyOf(Call call) => call.CallerNumber ?? Digits(call.RawDigits);

    /// <summary>
    /// Who is to be called back: one item a caller, the urgent first and of those the one who has waited longest. Done are the calls
    /// before one with the same caller that was answered, either way, and those before a person ticked the caller off.
    /// </summary>
    /// <param name="calls">Calls of the time that is looked at, missed and answered ones, in any order.</param>
    /// <param name="messages">Messages of callers in that time.</param>
    /// <param name="doneAt">When a person ticked a caller off last, by <see cref="MissedCaller.Key"/>, UTC.</param>
    /// <param name="nextOpening">When the number of a call that came out of hours opens again, UTC.</param>
    /// <param name="now">UTC.</param>
    public static IReadOnlyList<MissedCaller> ToCallBack(
        IEnumerable<Call> calls, IEnumerable<CallerMessage> messages, IReadOnlyDictionary<string, DateTimeOffset> doneAt,
        Func<Call, DateTimeOffset> nextOpening, DateTimeOffset now)
    {
        var messaged = messages.GroupBy(message => message.CallerNumber).ToDictionary(of => of.Key, of => of.Max(message => message.At));
        return
        [
            .. calls.GroupBy(call => KeyOf(call) ?? call.CallId)
                .Select(caller => Item(caller.Key, [.. caller], messaged, doneAt, nextOpening, now)).OfType<MissedCaller>()
                .OrderBy(item => item.Urgency).ThenBy(item => item.WaitsUntil is not null).ThenBy(item => item.FirstAt)
                .ThenBy(item => item.Key, StringComparer.Ordinal),
        ];
    }

    private static MissedCaller? Item(
        string key, Call[] calls, Dictionary<string, DateTimeOffset> messaged, IReadOnlyDictionary<string, DateTimeOffset> doneAt,
        Func<Call, DateTimeOffset> nextOpening, DateTimeOffset now)
    {
        var spoken = calls.Where(IsAnsweredByPerson).Select(call => call.AnsweredAt).Max() ?? DateTimeOffset.MinValue;
        var done = doneAt.TryGetValue(key, out var ticked) && ticked > spoken ? ticked : spoken;
        Call[] missed = [.. calls.Where(call => IsMissed(call) && At(call) > done).OrderByDescending(At)];
        if (missed.Length == 0)
        {
            return null;
        }

        var (newest, first) = (missed[0], At(missed[^1]));
        // Somebody who also called in hours is called back now.
        var opens = missed.All(call => call.MissedCallReason == OutOfHours) ? nextOpening(newest) : (DateTimeOffset?)null;
        return new(
            key, newest.CallerNumber, newest.RawDigits, missed.Length, first, At(newest), newest.MissedCallReason, missed.Min(UrgencyOf),
            opens > now ? opens : null,
            missed.FirstOrDefault(call => call.VoicemailUrl is not null)?.Id,
            missed.FirstOrDefault(call => call.Texts.Count > 0)?.Id,
            messaged.TryGetValue(key, out var at) && at > first ? at : null,
            [.. missed.Select(call => call.Id)]);
    }

    private static DateTimeOffset At(Call call) => call.StartedAt ?? call.EndedAt ?? call.CreatedAt;

    // A short code or a foreign form that is no valid number is still the same caller's.
    private static string? Digits(string? raw)
    {
        var digits = string.Concat((raw ?? "").Where(char.IsAsciiDigit));
        return digits.Length >= 3 ? digits : null;
    }
}
