using ChargeCars.Conversations.Templates;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning.Routes;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>A visit as the link's customer could be told of it. Times are UTC.</summary>
/// <param name="VisitId">The visit.</param>
/// <param name="Status">How far it is.</param>
/// <param name="WindowStart">From when it was promised.</param>
/// <param name="WindowEnd">Until when.</param>
/// <param name="ScheduledStart">When it is planned.</param>
/// <param name="EndedAt">When it ended, in whatever way.</param>
/// <param name="FirstName">The first name of who goes.</param>
/// <param name="Van">Where its van was last seen.</param>
internal sealed record TrackedVisit(
    Guid VisitId, VisitStatus Status, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, DateTimeOffset? ScheduledStart, DateTimeOffset? EndedAt,
    string? FirstName, TrackVan? Van)
{
    /// <summary>What the customer was told last; null where nothing was.</summary>
    public TrackArrival? Told { get; init; }
}

/// <summary>What of a visit its customer is told, and how long: pure.</summary>
internal static class TrackRules
{
    /// <summary>What the link shows; null where it is dead.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="forecast">What is expected of it; null where nobody can say, or not yet: then what was told stands.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="livesAfter">How long the link lives after the end.</param>
    /// <param name="maxAge">How old a position may be.</param>
    public static TrackView? See(TrackedVisit visit, VisitForecast? forecast, DateTimeOffset now, TimeSpan livesAfter, TimeSpan maxAge) => visit.Status switch
    {
        VisitStatus.Draft => new(TrackStatus.Planned, null, null, null),
        VisitStatus.Scheduled or VisitStatus.Confirmed => new(TrackStatus.Planned, Promised(visit), null, null),
        VisitStatus.EnRoute => new(
            TrackStatus.OnTheWay, Expected(forecast) ?? visit.Told, visit.FirstName, visit.Van is { } van && now - van.SeenAt <= maxAge ? Coarser(van) : null),
        VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused => new(TrackStatus.Arrived, null, visit.FirstName, null),
        // One without its time is over since nobody knows when.
        _ when visit.EndedAt is not { } ended || now >= ended + livesAfter => null,
        VisitStatus.Cancelled => new(TrackStatus.Cancelled, null, null, null),
        _ => new(TrackStatus.Done, null, null, null),
    };

    // The window that was promised, or else two whole hours around the plan: the route of the day is nobody's but ours.
    private static TrackArrival? Promised(TrackedVisit visit) =>
        visit is { WindowStart: { } from, WindowEnd: { } until } ? new(from, until)
        : visit.ScheduledStart?.ToUniversalTime() is { } start && start.AddTicks(-(start.Ticks % TimeSpan.TicksPerHour)) is var hour
            ? new(hour, hour.AddHours(2))
        : null;

    private static TrackArrival? Expected(VisitForecast? forecast)
    {
        if (forecast is null)
        {
            return null;
        }

        var told = ToldArrival.Of(forecast.Arrival.Earliest, forecast.Arrival.Expected, forecast.Arrival.Latest);
        return new(told.From, told.Until);
    }

    private static TrackVan Coarser(TrackVan van) => van with { Latitude = Math.Round(van.Latitude, 4), Longitude = Math.Round(van.Longitude, 4) };
}
