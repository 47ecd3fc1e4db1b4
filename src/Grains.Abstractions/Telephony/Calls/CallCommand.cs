using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Calls;

/// <summary>Takes what an event says of the call. The first one makes the call; one that is taken again changes nothing.</summary>
/// <param name="Event">The event; of the call whose id is the grain's key.</param>
[GenerateSerializer, Immutable, Alias("call.take-event")]
public sealed record TakeCallEvent(CallEvent Event) : EntityCommand<Call>;
