using ChargeCars.Api.Platform.Audit;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>A call as clients see it. Times are UTC, durations seconds. What was said is heard and read through routes of its own.</summary>
public sealed record CallView(
    Guid Id,
    string CallId,
    CallDirection? Direction,
    CallStatus Status,
    BusinessEntity? BusinessEntity,
    Guid? BusinessPhoneNumberId,
    Guid? PhoneNumberId,
    string? RawDigits,
    string? CallerNumber,
    CallLine? Line,
    DateTimeOffset? StartedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    int? Duration,
    int? RingSeconds,
    int? TalkSeconds,
    int HoldSeconds,
    bool HasSuspectTimes,
    bool IsAnsweredByMachine,
    IReadOnlyList<CallLeg> Legs,
    CallPerson? AssignedTo,
    IReadOnlyList<CallTeam> Teams,
    IReadOnlyList<CallTag> Tags,
    IReadOnlyList<IvrChoice> IvrOptions,
    IReadOnlyList<CallComment> Comments,
    string? MissedCallReason,
    string? HangupCause,
    bool IsArchived,
    decimal? Cost,
    bool HasRecording,
    bool HasVoicemail,
    bool HasText,
    DateTimeOffset? ErasedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version)
{
    /// <summary>What no read shows: by a link that was kept, somebody would listen without a record of it.</summary>
    internal static AuditMask Hidden { get; } = new(CallKind.Rows.Table, _ => false, "evidence", "directLink", "recordingUrl", "voicemailUrl", "asset");

    internal static CallView Of(Call call) =>
        new(
            call.Id, call.CallId, call.Direction, call.Status, call.BusinessEntity, call.BusinessPhoneNumberId, call.PhoneNumberId, call.RawDigits,
            call.CallerNumber, call.Line, call.StartedAt, call.AnsweredAt, call.EndedAt, call.Duration, call.RingSeconds, call.TalkSeconds,
            call.HoldSeconds, call.HasSuspectTimes, call.IsAnsweredByMachine, call.Legs, call.AssignedTo, call.Teams, call.Tags, call.IvrOptions,
            call.Comments, call.MissedCallReason, call.HangupCause, call.IsArchived, call.Cost, call.RecordingUrl is not null,
            call.VoicemailUrl is not null, call.Texts.Count > 0, call.ErasedAt, call.CreatedAt, call.UpdatedAt, call.Version);
}
