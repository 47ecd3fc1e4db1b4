using System.Text.Json.Serialization;

namespace ChargeCars.Telephony.Missed;

/// <summary>How soon a caller wants to be called back.</summary>
[JsonConverter(typeof(WireEnumConverter<MissedUrgency>))]
public enum MissedUrgency
{
    /// <summary>They waited, and nobody answered.</summary>
    Normal,

    /// <summary>They hung up before anybody could: after a moment, or in the menu.</summary>
    Low,
}

/// <summary>A caller who is to be called back: one item, however often they called.</summary>
/// <param name="Key">Their number, or the call's id where the number is withheld.</param>
/// <param name="CallerNumber">E.164; null where it is withheld or no number.</param>
/// <param name="RawDigits">As Aircall writes it.</param>
/// <param name="Count">How many of their calls were missed.</param>
/// <param name="FirstAt">When they called first, UTC.</param>
/// <param name="LastAt">When they called last, UTC.</param>
/// <param name="Reason">Why the newest was missed, in Aircall's words.</param>
/// <param name="Urgency">That of the most urgent of their calls.</param>
/// <param name="WaitsUntil">Not before this time, UTC: they called out of hours. Null where they can be called now.</param>
/// <param name="VoicemailOf">The row of the call with the newest voicemail; null where they left none.</param>
/// <param name="TextOf">The row of the newest call of which what was said can be read; null where there is none.</param>
/// <param name="MessagedAt">When they sent a message after they called, UTC: perhaps all is said.</param>
/// <param name="CallIds">The rows of their calls, the newest first.</param>
[GenerateSerializer, Immutable, Alias("missed-caller")]
public sealed record MissedCaller(
    string Key,
    string? CallerNumber,
    string? RawDigits,
    int Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    string? Reason,
    MissedUrgency Urgency,
    DateTimeOffset? WaitsUntil,
    Guid? VoicemailOf,
    Guid? TextOf,
    DateTimeOffset? MessagedAt,
    IReadOnlyList<Guid> CallIds);

/// <summary>Who calls a caller back. One person's only, until it is given back or expires.</summary>
/// <param name="By">The contact who claimed it.</param>
/// <param name="Until">UTC.</param>
[GenerateSerializer, Immutable, Alias("call-back-claim")]
public sealed record CallBackClaim(Guid By, DateTimeOffset Until);
