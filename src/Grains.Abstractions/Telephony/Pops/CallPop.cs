using System.Text.Json.Serialization;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Pops;

/// <summary>What an event does to the card that a call shows on dispatchers' screens.</summary>
[JsonConverter(typeof(WireEnumConverter<PopAction>))]
public enum PopAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Opens it, or adds an agent whose phone rings now.</summary>
    Open,

    /// <summary>Closes it at the agent who declined.</summary>
    CloseForAgent,

    /// <summary>Closes it at all but the one who took the call.</summary>
    Close,
}

/// <summary>What an event does to a call's card.</summary>
/// <param name="Action">What.</param>
/// <param name="Agent">Of <see cref="PopAction.Open"/> whose phone rings, null for everybody's; of <see cref="PopAction.CloseForAgent"/> who declined.</param>
/// <param name="TakenBy">Of <see cref="PopAction.Close"/>: who answered; null where nobody did.</param>
[GenerateSerializer, Immutable, Alias("call-pop-change")]
public sealed record PopChange(PopAction Action, CallPerson? Agent = null, CallPerson? TakenBy = null)
{
    /// <summary>Nothing.</summary>
    public static PopChange None { get; } = new(PopAction.None);
}

/// <summary>A card that is open.</summary>
/// <param name="RingingOn">The agents whose phones ring; empty while the caller is in a menu or a queue.</param>
/// <param name="Since">Since when, UTC.</param>
[GenerateSerializer, Immutable, Alias("call-pop-card")]
public sealed record PopCard(IReadOnlyList<CallPerson> RingingOn, DateTimeOffset Since);
