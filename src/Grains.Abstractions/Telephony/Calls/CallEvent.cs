using System.Text.Json.Serialization;

namespace ChargeCars.Telephony.Calls;

/// <summary>What an event says happened to a call, in the order that a call goes through; that order breaks ties within a second.</summary>
[JsonConverter(typeof(WireEnumConverter<CallEventKind>))]
public enum CallEventKind
{
    /// <summary>It began.</summary>
    Created,

    /// <summary>The caller chose in a menu.</summary>
    IvrOptionSelected,

    /// <summary>A voice agent of Aircall's took it.</summary>
    VoiceAgentStarted,

    /// <summary>An agent's phone rings.</summary>
    RingingOnAgent,

    /// <summary>An agent declined.</summary>
    AgentDeclined,

    /// <summary>An agent, or the one who was called, answered.</summary>
    Answered,

    /// <summary>The caller was put on hold.</summary>
    Hold,

    /// <summary>The caller was taken off hold.</summary>
    Unhold,

    /// <summary>It was handed to another agent or team.</summary>
    Transferred,

    /// <summary>That did not work: it is with the first agent again.</summary>
    UnsuccessfulTransfer,

    /// <summary>It was handed to a number that is not ours, which ends our part.</summary>
    ExternalTransferred,

    /// <summary>The caller left a voicemail.</summary>
    VoicemailLeft,

    /// <summary>It ended just now; its data is not complete yet.</summary>
    Hungup,

    /// <summary>It ended about half a minute ago; its data is complete.</summary>
    Ended,

    /// <summary>Recording or transcript are there.</summary>
    AssetsGenerated,

    /// <summary>It was assigned to an agent.</summary>
    Assigned,

    /// <summary>An agent wrote about it.</summary>
    Commented,

    /// <summary>It was tagged.</summary>
    Tagged,

    /// <summary>A tag was taken off; the tags of the event are those that are left.</summary>
    Untagged,

    /// <summary>It was put away.</summary>
    Archived,

    /// <summary>Read from Aircall's API, not sent as an event.</summary>
    Snapshot,

    /// <summary>The program's own: no event says that it ended, and it is too old to be going on.</summary>
    Swept,

    /// <summary>A text of what was said is there, which Aircall makes once the call is over.</summary>
    TextMade,
}

/// <summary>One event of a call, whatever form it arrived in. What it does not say is null, or an empty list.</summary>
[GenerateSerializer, Immutable, Alias("call.event")]
public sealed record CallEvent
{
    /// <summary>Aircall's id of the call.</summary>
    [Id(0)] public required string CallId { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)] public required CallEventKind Kind { get; init; }

    /// <summary>When, by Aircall's clock, UTC.</summary>
    [Id(2)] public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="Call.CallUuid"/>
    [Id(3)] public string? CallUuid { get; init; }

    /// <inheritdoc cref="Call.DirectLink"/>
    [Id(4)] public string? DirectLink { get; init; }

    /// <inheritdoc cref="Call.Direction"/>
    [Id(5)] public CallDirection? Direction { get; init; }

    /// <summary>Whether Aircall calls it done.</summary>
    [Id(6)] public bool IsDone { get; init; }

    /// <inheritdoc cref="Call.StartedAt"/>
    [Id(7)] public DateTimeOffset? StartedAt { get; init; }

    /// <inheritdoc cref="Call.AnsweredAt"/>
    [Id(8)] public DateTimeOffset? AnsweredAt { get; init; }

    /// <inheritdoc cref="Call.EndedAt"/>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Seconds, ringing included; as sent, so perhaps negative.</summary>
    [Id(10)] public int? Duration { get; init; }

    /// <inheritdoc cref="Call.RawDigits"/>
    [Id(11)] public string? RawDigits { get; init; }

    /// <inheritdoc cref="Call.MissedCallReason"/>
    [Id(12)] public string? MissedCallReason { get; init; }

    /// <inheritdoc cref="Call.HangupCause"/>
    [Id(13)] public string? HangupCause { get; init; }

    /// <inheritdoc cref="Call.Cost"/>
    [Id(14)] public decimal? Cost { get; init; }

    /// <inheritdoc cref="Call.Asset"/>
    [Id(15)] public string? Asset { get; init; }

    /// <inheritdoc cref="Call.RecordingUrl"/>
    [Id(16)] public string? RecordingUrl { get; init; }

    /// <inheritdoc cref="Call.VoicemailUrl"/>
    [Id(17)] public string? VoicemailUrl { get; init; }

    /// <inheritdoc cref="Call.Line"/>
    [Id(18)] public CallLine? Line { get; init; }

    /// <summary>The agent of the event: who is rung, who answered, who hung up.</summary>
    [Id(19)] public CallPerson? Agent { get; init; }

    /// <inheritdoc cref="Call.AssignedTo"/>
    [Id(20)] public CallPerson? AssignedTo { get; init; }

    /// <summary>Who handed it over.</summary>
    [Id(21)] public CallPerson? TransferredBy { get; init; }

    /// <summary>The agent that it was handed to.</summary>
    [Id(22)] public CallPerson? TransferredTo { get; init; }

    /// <summary>Whether it is put away.</summary>
    [Id(23)] public bool? IsArchived { get; init; }

    /// <summary>Teams that it went to.</summary>
    [Id(24)] public IReadOnlyList<CallTeam> Teams { get; init; } = [];

    /// <summary>Tags that it had at the time.</summary>
    [Id(25)] public IReadOnlyList<CallTag> Tags { get; init; } = [];

    /// <summary>Comments, all or some.</summary>
    [Id(26)] public IReadOnlyList<CallComment> Comments { get; init; } = [];

    /// <summary>Choices in menus, all or some.</summary>
    [Id(27)] public IReadOnlyList<IvrChoice> IvrOptions { get; init; } = [];

    /// <summary>Whether <see cref="Tags"/> are all that are left: what was listed before and is not among them was taken off.</summary>
    [Id(28)] public bool HasAllTags { get; init; }

    /// <summary>Whether <see cref="Comments"/> are all of Aircall's that are left.</summary>
    [Id(29)] public bool HasAllComments { get; init; }

    /// <summary>The text that is there, to be read beside the event.</summary>
    [Id(30)] public CallTextKind? Text { get; init; }
}
