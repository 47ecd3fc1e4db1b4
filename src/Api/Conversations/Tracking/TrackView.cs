using System.Text.Json.Serialization;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>How far a visit is, as far as its customer is told.</summary>
[JsonConverter(typeof(WireEnumConverter<TrackStatus>))]
public enum TrackStatus
{
    /// <summary>Nobody has set out yet.</summary>
    Planned,

    /// <summary>The same, and the customer has said that the time suits them.</summary>
    Confirmed,

    /// <summary>The same, and the customer has asked for another time.</summary>
    RescheduleAsked,

    /// <summary>Somebody is on the way.</summary>
    OnTheWay,

    /// <summary>Somebody is there.</summary>
    Arrived,

    /// <summary>It is over.</summary>
    Done,

    /// <summary>It will not be made.</summary>
    Cancelled,
}

/// <summary>When somebody comes. Times are UTC.</summary>
/// <param name="From">Hardly before.</param>
/// <param name="Until">Hardly after.</param>
public sealed record TrackArrival(DateTimeOffset From, DateTimeOffset Until);

/// <summary>A link that is alive.</summary>
/// <param name="Id">The link.</param>
/// <param name="VisitId">Its visit.</param>
/// <param name="View">What it shows.</param>
internal sealed record OpenLink(Guid Id, Guid VisitId, TrackView View);

/// <summary>Where the van is, to some ten metres.</summary>
/// <param name="Latitude">WGS84.</param>
/// <param name="Longitude">WGS84.</param>
/// <param name="SeenAt">When it was there, UTC.</param>
public sealed record TrackVan(double Latitude, double Longitude, DateTimeOffset SeenAt);

/// <summary>What the customer of a visit sees: who comes, by the first name, when, and where the van is while it is on the way. Nothing else.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="Arrival">
/// When somebody comes: what was promised until the van sets out, the expected range from then on. Null where nobody can say, and afterwards.
/// </param>
/// <param name="FirstName">Who comes; null until the van sets out.</param>
/// <param name="Van">Where the van is; only on the way, and only where it was seen lately.</param>
public sealed record TrackView(TrackStatus Status, TrackArrival? Arrival, string? FirstName, TrackVan? Van);
