using ChargeCars.Conversations.Templates;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform.Entities;

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

    /// <summary>Whether the customer has asked for another time, and has not got one.</summary>
    public bool HasWish { get; init; }
}

/// <summary>Decides what the link shows of a visit, how long it works, and which answers it takes. Pure.</summary>
internal static class TrackRules
{
    private const int LongestReason = 1_000;
    private const int MostDays = 5;

    /// <summary>What the link shows; null where it is dead.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="forecast">What is expected of it; null where nobody can say, or not yet: then what was told stands.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="livesAfter">How long the link lives after the end.</param>
    /// <param name="maxAge">How old a position may be.</param>
    public static TrackView? See(TrackedVisit visit, VisitForecast? forecast, DateTimeOffset now, TimeSpan livesAfter, TimeSpan maxAge) => visit.Status switch
    {
        VisitStatus.Draft => new(TrackStatus.Planned, null, null, null),
        VisitStatus.Scheduled or VisitStatus.Confirmed => new(
            visit.HasWish ? TrackStatus.RescheduleAsked : visit.Status == VisitStatus.Confirmed ? TrackStatus.Confirmed : TrackStatus.Planned,
            Promised(visit.WindowStart, visit.WindowEnd, visit.ScheduledStart), null, null),
        VisitStatus.EnRoute => new(
            TrackStatus.OnTheWay, Expected(forecast) ?? visit.Told, visit.FirstName, visit.Van is { } van && now - van.SeenAt <= maxAge ? Coarser(van) : null),
        VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused => new(TrackStatus.Arrived, null, visit.FirstName, null),
        // One without its time is over since nobody knows when.
        _ when visit.EndedAt is not { } ended || now >= ended + livesAfter => null,
        VisitStatus.Cancelled => new(TrackStatus.Cancelled, null, null, null),
        _ => new(TrackStatus.Done, null, null, null),
    };

    /// <summary>Why the customer can't answer about a visit; null where they can.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="shown">What their page showed; null where it does not say.</param>
    /// <param name="now">Now, UTC.</param>
    public static Conflict? RefuseAnswer(Visit visit, TrackArrival? shown, DateTimeOffset now) =>
        visit.Status is not (VisitStatus.Scheduled or VisitStatus.Confirmed) || Promised(visit) is not { } promised
            ? new("appointment_closed", "This appointment can't be answered here now: please call us.")
        : shown is not null && shown != promised ? new("appointment_changed", "The appointment has changed in the meantime: please look at it again.")
        : promised.Until <= now ? new("too_late", "The time of this appointment is over: please call us.")
        : null;

    /// <summary>Why the customer can't ask for another time; null where they can.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="shown">What their page showed; null where it does not say.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="notice">How long before its start they may last ask.</param>
    public static Conflict? RefuseWish(Visit visit, TrackArrival? shown, DateTimeOffset now, TimeSpan notice) =>
        RefuseAnswer(visit, shown, now)
            ?? (visit.ScheduledStart - now < notice ? new("too_late", "It is too late to ask for another time here: please call us.") : null);

    /// <summary>What is wrong with a wish; null where nothing is.</summary>
    /// <param name="days">The days that it names.</param>
    /// <param name="reason">Its words.</param>
    /// <param name="today">The day by the clock on the wall.</param>
    /// <param name="horizonDays">How many days ahead they may lie.</param>
    public static Invalid? Check(IReadOnlyList<DateOnly> days, string? reason, DateOnly today, int horizonDays) => new FieldFaults()
        .Lines("reason", reason, ..LongestReason)
        .Rule("dates", days.Count > MostDays, $"must hold at most {MostDays}")
        .Rule("dates", days.Any(day => day <= today || day > today.AddDays(horizonDays)), $"must be after today and within {horizonDays} days")
        .Invalid;

    /// <summary>What the customer of a visit was promised; null where it is not planned.</summary>
    public static TrackArrival? Promised(Visit visit) => Promised(visit.WindowStart, visit.WindowEnd, visit.ScheduledStart);

    // The window that was promised, or else two whole hours around the plan: the route of the day is nobody's but ours.
    private static TrackArrival? Promised(DateTimeOffset? windowStart, DateTimeOffset? windowEnd, DateTimeOffset? scheduledStart) =>
        (windowStart, windowEnd) is ({ } from, { } until) ? new(from, until)
        : scheduledStart?.ToUniversalTime() is { } start && start.AddTicks(-(start.Ticks % TimeSpan.TicksPerHour)) is var hour
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
