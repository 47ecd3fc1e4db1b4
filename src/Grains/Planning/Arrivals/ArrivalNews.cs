using ChargeCars.Planning.Routes;

namespace ChargeCars.Planning.Arrivals;

/// <summary>An expected arrival as it was told.</summary>
/// <param name="PlannedStart">The beginning of the visit by the plan that it was told against, UTC.</param>
/// <param name="Arrival">The arrival.</param>
/// <param name="Punctuality">Whether it kept the promise.</param>
/// <param name="ToldAt">When it was told, UTC.</param>
internal sealed record ToldArrival(DateTimeOffset? PlannedStart, ExpectedTime Arrival, Punctuality Punctuality, DateTimeOffset ToldAt);

/// <summary>
/// Whether an expected arrival has moved so far that it is told: by more minutes the longer there is to go, so that the jitter of a drive
/// of two hours says nothing, and that of the last half hour does. Pure.
/// </summary>
internal static class ArrivalNews
{
    /// <summary>Even where the promise is concerned, a smaller step is no news.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(2);

    /// <summary>Whether it is told. Of a crew that is there already nothing is expected any more.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="forecast">What is expected of it now.</param>
    /// <param name="told">What was told last; null where nothing was.</param>
    /// <param name="now">Now, UTC.</param>
    public static bool IsNews(RouteVisit visit, VisitForecast forecast, ToldArrival? told, DateTimeOffset now)
    {
        if (visit.Progress is not (VisitProgress.Planned or VisitProgress.EnRoute))
        {
            return false;
        }

        // With another plan it begins anew: who has been told nothing goes by the plan.
        var known = told?.PlannedStart == visit.Planned?.Start ? told : null;
        if ((known?.Arrival.Expected ?? visit.Planned?.Start) is not { } before)
        {
            return true;
        }

        var moved = (forecast.Arrival.Expected - before).Duration();
        return moved >= StepOf(forecast.Arrival.Expected - now) || (moved >= Least && forecast.Punctuality != (known?.Punctuality ?? Punctuality.OnTime));
    }

    /// <summary>How far an arrival must move to be told, by how long there is to go.</summary>
    public static TimeSpan StepOf(TimeSpan ahead) => TimeSpan.FromMinutes(ahead <= TimeSpan.FromMinutes(30) ? 3 : ahead <= TimeSpan.FromHours(2) ? 5 : 10);
}
