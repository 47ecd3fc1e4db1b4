using System.Text.Json.Serialization;

namespace ChargeCars.Telephony.Calls;

/// <summary>Which way a call goes (<c>call.direction</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<CallDirection>))]
public enum CallDirection
{
    /// <summary>Somebody calls us.</summary>
    Inbound,

    /// <summary>We call somebody.</summary>
    Outbound,
}

/// <summary>How far a call is (<c>call.status</c>). It never goes back; the last four end a call.</summary>
[JsonConverter(typeof(WireEnumConverter<CallStatus>))]
public enum CallStatus
{
    /// <summary>Known, not ringing yet: in a menu or a queue, or being dialled.</summary>
    Initial,

    /// <summary>Ringing at an agent.</summary>
    Ringing,

    /// <summary>Somebody talks.</summary>
    Answered,

    /// <summary>Over, and it was answered.</summary>
    Completed,

    /// <summary>Over: the line was engaged.</summary>
    Busy,

    /// <summary>Over: it could not be put through.</summary>
    Failed,

    /// <summary>Over, and nobody answered.</summary>
    NoAnswer,
}

/// <summary>
/// A call: its row. Everything that Aircall reports follows from <see cref="Evidence"/> alone, so that the order and the repetition
/// of its events make no difference; the links are set by the program and by people.
/// </summary>
[GenerateSerializer, Immutable, Alias("call")]
public sealed record Call : IEntityState
{
    /// <summary>Its id, which follows from <see cref="CallId"/>.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Raised by one with every committed change; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The business number that it came in on or went out from.</summary>
    [Id(4)] public Guid? BusinessPhoneNumberId { get; init; }

    /// <summary>The customer's number.</summary>
    [Id(5)] public Guid? PhoneNumberId { get; init; }

    /// <summary>Aircall's id of the call, an integer as text.</summary>
    [Id(6)] public string CallId { get; init; } = "";

    /// <summary>Aircall's other id (<c>sid</c> in its API).</summary>
    [Id(7)] public string? CallUuid { get; init; }

    /// <summary>What Aircall charges, US dollars; Aircall states cents.</summary>
    [Id(8)] public decimal? Cost { get; init; }

    /// <summary>Null until an event says it.</summary>
    [Id(9)] public CallDirection? Direction { get; init; }

    /// <summary>How far it is.</summary>
    [Id(10)] public CallStatus Status { get; init; }

    /// <summary>Seconds, ringing included; never negative. Null while it is under way.</summary>
    [Id(11)] public int? Duration { get; init; }

    /// <summary>UTC.</summary>
    [Id(12)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>UTC; null where nobody answered.</summary>
    [Id(13)] public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>UTC; null while it is under way.</summary>
    [Id(14)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Aircall's API address of the call.</summary>
    [Id(15)] public string? DirectLink { get; init; }

    /// <summary>The newest link to the recording. It dies within hours: a fresh one is fetched when somebody listens.</summary>
    [Id(16)] public string? RecordingUrl { get; init; }

    /// <summary>The newest link to the voicemail; as short-lived as that of the recording.</summary>
    [Id(17)] public string? VoicemailUrl { get; init; }

    /// <summary>Why the line was cut, in the network's words.</summary>
    [Id(18)] public string? HangupCause { get; init; }

    /// <summary>Why nobody answered, in Aircall's words; open text.</summary>
    [Id(19)] public string? MissedCallReason { get; init; }

    /// <summary>The tags that it has now.</summary>
    [Id(20)] public IReadOnlyList<CallTag> Tags { get; init; } = [];

    /// <summary>The teams that handled it, the first one first.</summary>
    [Id(21)] public IReadOnlyList<CallTeam> Teams { get; init; } = [];

    /// <summary>What the caller chose in the menu, in order.</summary>
    [Id(22)] public IReadOnlyList<IvrChoice> IvrOptions { get; init; } = [];

    /// <summary>What agents wrote about it, in order.</summary>
    [Id(23)] public IReadOnlyList<CallComment> Comments { get; init; } = [];

    /// <summary>Aircall's page of recording or voicemail.</summary>
    [Id(24)] public string? Asset { get; init; }

    /// <summary>The other party's number as Aircall wrote it first; <c>anonymous</c> where it is withheld.</summary>
    [Id(25)] public string? RawDigits { get; init; }

    /// <summary>The other party's number in E.164; null where it is withheld or no number.</summary>
    [Id(26)] public string? CallerNumber { get; init; }

    /// <summary>Aircall's number that it came in on or went out from first.</summary>
    [Id(27)] public CallLine? Line { get; init; }

    /// <summary>Who it is assigned to, for following up.</summary>
    [Id(28)] public CallPerson? AssignedTo { get; init; }

    /// <summary>Whether an agent put it away in Aircall.</summary>
    [Id(29)] public bool IsArchived { get; init; }

    /// <summary>Each agent's part in it, in order: a transfer is one more leg, not one more call.</summary>
    [Id(30)] public IReadOnlyList<CallLeg> Legs { get; init; } = [];

    /// <summary>Seconds from start to answer, or to the end where nobody answered.</summary>
    [Id(31)] public int? RingSeconds { get; init; }

    /// <summary>Seconds from answer to end without holding; null while it is under way or where nobody answered.</summary>
    [Id(32)] public int? TalkSeconds { get; init; }

    /// <summary>Seconds on hold.</summary>
    [Id(33)] public int HoldSeconds { get; init; }

    /// <summary>The times contradict one another: a negative part was counted as 0.</summary>
    [Id(34)] public bool HasSuspectTimes { get; init; }

    /// <summary>Whether only a voice agent of Aircall's spoke, no person.</summary>
    [Id(35)] public bool IsAnsweredByMachine { get; init; }

    /// <summary>What the events said, joined; not shown to clients.</summary>
    [Id(36)] public CallEvidence Evidence { get; init; } = new();

    /// <summary>The name that the business number speaks for; null where the number is not known or speaks for none.</summary>
    [Id(37)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>When whom it was with, and what was said, was erased, UTC. No event changes it from there on.</summary>
    [Id(38)] public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Which texts of what was said are kept, beside the row: a call in a list or an audit has none of them.</summary>
    [Id(39), ArrayColumn] public IReadOnlyList<CallTextKind> Texts { get; init; } = [];
}
