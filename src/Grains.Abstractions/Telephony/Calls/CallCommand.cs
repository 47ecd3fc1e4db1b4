using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Calls;

/// <summary>Takes what an event says of the call. The first one makes the call; one that is taken again changes nothing.</summary>
/// <param name="Event">The event; of the call whose id is the grain's key.</param>
[GenerateSerializer, Immutable, Alias("call.take-event")]
public sealed record TakeCallEvent(CallEvent Event) : EntityCommand<Call>;

/// <summary>Says whose number it is, where the program could not tell, or not yet.</summary>
/// <param name="PhoneNumberId">A contact's entry of the caller's number.</param>
[GenerateSerializer, Immutable, Alias("call.link")]
public sealed record LinkCall(Guid PhoneNumberId) : EntityCommand<Call>;

/// <summary>Takes away whom it was with and what was said; that it was, when and for how long, stays.</summary>
[GenerateSerializer, Immutable, Alias("call.erase")]
public sealed record EraseCall : EntityCommand<Call>;

/// <summary>Says that a text of what was said is there to be kept.</summary>
/// <param name="Text">Which.</param>
[GenerateSerializer, Immutable, Alias("call.note-text")]
public sealed record NoteCallText(CallTextKind Text) : EntityCommand<Call>;

/// <summary>Takes away the links to what was said, and its text; its time is over.</summary>
[GenerateSerializer, Immutable, Alias("call.forget-recording")]
public sealed record ForgetRecording : EntityCommand<Call>;
