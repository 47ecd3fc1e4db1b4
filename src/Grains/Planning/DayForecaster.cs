using ChargeCars.Planning.Routes;
using ChargeCars.Platform;

namespace ChargeCars.Planning;

/// <summary>What is expected of one crew's day.</summary>
/// <param name="Crew">The crew.</param>
/// <param name="Visits">Its visits of the day, those that are over too.</param>
/// <param name="Forecasts">One for each that is not over, in the order in which the crew does them.</param>
public sealed record CrewForecast(Crew Crew, IReadOnlyList<RouteVisit> Visits, IReadOnlyList<VisitForecast> Forecasts);

/// <summary>What is expected of today, crew by crew, in one reading of the day.</summary>
public sealed class DayForecaster(PlannedDayReader days, RoutePlanner planner)
{
    /// <summary>Today, and what is expected of each crew that has visits.</summary>
    /// <param name="now">Now, UTC.</param>
    /// <param name="isLive">Whether it follows from where the vans are.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="asked">A visit that is looked at whenever it is planned; null for none.</param>
    public async Task<(PlannedDay Day, IReadOnlyList<CrewForecast> Crews)> ReadAsync(
        DateTimeOffset now, bool isLive, CancellationToken cancellation, Guid? asked = null)
    {
        var today = await days.ReadAsync(WallClock.DateOf(now), asked, cancellation, isUnderWay: true);
        today = isLive ? today : today.WithoutPlaces();
        var crews = new List<CrewForecast>();
        var assigned = today.Visits.Where(visit => visit.TeamId is not null || visit.VehicleId is not null);
        foreach (var route in assigned.GroupBy(visit => (visit.TeamId, visit.VehicleId)))
        {
            if (today.CrewOf(route.Key.TeamId, route.Key.VehicleId, route.First().BusinessEntity) is { } crew)
            {
                var live = crew.Vehicle is { } van ? today.Vans.GetValueOrDefault(van.Id) : null;
                crews.Add(new(crew, [.. route], await planner.ExpectAsync(crew, [.. route], live, now, cancellation)));
            }
        }

        return (today, crews);
    }
}
