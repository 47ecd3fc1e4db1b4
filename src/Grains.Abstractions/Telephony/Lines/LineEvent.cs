using System.Text.Json.Serialization;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.BusinessNumbers;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Lines;

/// <summary>What an event says of a business number.</summary>
[JsonConverter(typeof(WireEnumConverter<LineEventKind>))]
public enum LineEventKind
{
    /// <summary>It was bought or moved in.</summary>
    Created,

    /// <summary>It takes calls.</summary>
    Opened,

    /// <summary>It takes none.</summary>
    Closed,

    /// <summary>It is no longer Aircall's.</summary>
    Deleted,
}

/// <summary>One event of a business number.</summary>
/// <param name="Line">Which.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, by Aircall's clock, UTC.</param>
[GenerateSerializer, Immutable, Alias("line.event")]
public sealed record LineEvent(CallLine Line, LineEventKind Kind, DateTimeOffset At);

/// <summary>Takes what an event says of a business number; it makes the row where there is none.</summary>
/// <param name="Event">The event.</param>
[GenerateSerializer, Immutable, Alias("line.take-event")]
public sealed record TakeLineEvent(LineEvent Event) : EntityCommand<BusinessPhoneNumber>;
