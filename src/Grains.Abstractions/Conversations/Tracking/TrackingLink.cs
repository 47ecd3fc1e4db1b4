using System.Text.Json.Serialization;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Tracking;

/// <summary>
/// The address at which the customer of a visit sees when somebody comes, and what they were told of it. A row of <c>tracking_link</c>, one a visit.
/// </summary>
[GenerateSerializer, Immutable, Alias("tracking-link")]
public sealed record TrackingLink : IEntityState
{
    /// <summary>Its id, which follows from the visit.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The visit.</summary>
    [Id(4)] public Guid VisitId { get; init; }

    /// <summary>The visit's.</summary>
    [Id(5)] public BusinessEntity BusinessEntity { get; init; }

    /// <summary>The hash of its token, by which a request finds it. In no JSON.</summary>
    [Id(6), JsonIgnore] public byte[] TokenHash { get; init; } = [];

    /// <summary>Its token, sealed, for the messages that carry it. In no JSON.</summary>
    [Id(7), JsonIgnore] public string SealedToken { get; init; } = "";

    /// <summary>The beginning of the arrival that the customer was told last, UTC; null where they were told none.</summary>
    [Id(8)] public DateTimeOffset? ToldFrom { get; init; }

    /// <summary>Its end, UTC.</summary>
    [Id(9)] public DateTimeOffset? ToldUntil { get; init; }

    /// <summary>How often the program told them.</summary>
    [Id(10)] public int Notices { get; init; }

    /// <summary>When the customer last asked for another time, UTC; null where they have not, or have taken it back.</summary>
    [Id(11)] public DateTimeOffset? WishedAt { get; init; }

    /// <summary>The beginning of what they were promised then, UTC: once it is another, the wish has had its answer.</summary>
    [Id(12)] public DateTimeOffset? WishedFrom { get; init; }

    /// <summary>The hash of what they asked for, by which the same wish sent again is known. What it says is a message. In no JSON.</summary>
    [Id(13), JsonIgnore] public byte[]? WishHash { get; init; }

    /// <summary>How often they have asked.</summary>
    [Id(14)] public int Wishes { get; init; }

    /// <summary>The link of a visit.</summary>
    public static Guid IdOf(Guid visit) => NameBasedId.Of($"{visit}/tracking");
}

/// <summary>A command about a customer's link; all of them are the program's own.</summary>
[GenerateSerializer, Immutable, Alias("tracking.command")]
public abstract record TrackingCommand : EntityCommand<TrackingLink>;

/// <summary>Makes the link, where the visit has none yet.</summary>
/// <param name="VisitId">The visit.</param>
/// <param name="BusinessEntity">The visit's.</param>
/// <param name="TokenHash">The hash of a new token.</param>
/// <param name="SealedToken">That token, sealed for this link.</param>
[GenerateSerializer, Immutable, Alias("tracking.open")]
public sealed record OpenTrackingLink(
    [property: Id(0)] Guid VisitId, [property: Id(1)] BusinessEntity BusinessEntity, [property: Id(2)] byte[] TokenHash, [property: Id(3)] string SealedToken)
    : TrackingCommand;

/// <summary>Tells the customer that somebody is on the way, once.</summary>
/// <param name="From">The beginning of the arrival, UTC; null where nobody can say.</param>
/// <param name="Until">Its end, UTC.</param>
[GenerateSerializer, Immutable, Alias("tracking.tell-departure")]
public sealed record TellDeparture([property: Id(0)] DateTimeOffset? From, [property: Id(1)] DateTimeOffset? Until) : TrackingCommand;

/// <summary>Tells them of another arrival, where it has moved by more than <paramref name="ShiftMinutes"/>.</summary>
/// <param name="From">The beginning of the arrival, UTC.</param>
/// <param name="Until">Its end, UTC.</param>
/// <param name="ShiftMinutes">By how much it must begin earlier or end later than was told.</param>
/// <param name="Most">How often they are told at most, the first time included.</param>
[GenerateSerializer, Immutable, Alias("tracking.tell-moved")]
public sealed record TellMoved(
    [property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] int ShiftMinutes, [property: Id(3)] int Most)
    : TrackingCommand;

/// <summary>The customer asks for another time. What they say goes to their order's conversation.</summary>
/// <param name="From">The beginning of what they were promised, UTC.</param>
/// <param name="Until">Its end, UTC.</param>
/// <param name="ConfirmedAt">When the visit was confirmed, UTC: a wish before that has been taken back by it. Null where it is not.</param>
/// <param name="Days">The days that would suit them; empty where they named none.</param>
/// <param name="Reason">In their own words; null where they gave none.</param>
/// <param name="Most">How often they may ask.</param>
[GenerateSerializer, Immutable, Alias("tracking.ask-another-time")]
public sealed record AskAnotherTime(
    [property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] DateTimeOffset? ConfirmedAt,
    [property: Id(3)] IReadOnlyList<DateOnly> Days, [property: Id(4)] string? Reason, [property: Id(5)] int Most) : TrackingCommand;

/// <summary>The customer is content with the time after all.</summary>
[GenerateSerializer, Immutable, Alias("tracking.take-back-wish")]
public sealed record TakeBackWish : TrackingCommand;

/// <summary>The program's own: a van set out for a visit; its customer is told, where the business entity wants that. Stored until it is done.</summary>
/// <param name="VisitId">The visit.</param>
[GenerateSerializer, Immutable, Alias("tracking.on-the-way")]
public sealed record TellOnTheWay(Guid VisitId);
