using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Telephony.Calls;

/// <summary>Calls. They have no editor: what Aircall's events say is all there is.</summary>
public sealed class CallKind : IEntityTable<Call>
{
    /// <inheritdoc/>
    public static RowMapping<Call> Rows { get; } = new("call");

    /// <summary>By the other party's number. What agents wrote is in their own words and not made to be found.</summary>
    public static Func<Call, SearchText> Findable { get; } = static call => new(call.CallerNumber ?? call.RawDigits ?? "")
    {
        Subtitle = call.Line?.Name,
        Codes = [call.CallId],
        Phones = [call.CallerNumber],
    };

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Call state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(Call state) => new { state.CallId, state.CallerNumber };

    /// <summary>Without the links to what was said, which not everybody may hear, and without what agents wrote.</summary>
    public static object Told(Call state) => new
    {
        state.Id, state.CallId, state.Direction, state.Status, state.StartedAt, state.AnsweredAt, state.EndedAt, state.Duration, state.BusinessEntity,
        state.BusinessPhoneNumberId, state.PhoneNumberId, state.RawDigits, state.CallerNumber, state.Line, state.AssignedTo, state.Legs, state.Teams,
        state.MissedCallReason, HasRecording = state.RecordingUrl is not null, HasVoicemail = state.VoicemailUrl is not null,
        HasText = state.Texts.Count > 0, state.Version,
    };
}
