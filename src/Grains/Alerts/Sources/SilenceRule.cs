using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;

namespace ChargeCars.Alerts.Sources;

/// <summary>Which vans are on a job and say nothing: pure.</summary>
internal static class SilenceRule
{
    /// <summary>A fact for each of them. A van that never told where it is has no tracker to lose.</summary>
    /// <param name="day">What lies ahead.</param>
    /// <param name="options">How long a van may be silent.</param>
    /// <param name="now">Now, UTC.</param>
    public static IEnumerable<AlertFact> Facts(DayAhead day, AlertOptions options, DateTimeOffset now) =>
        from ahead in day.Visits
        where ahead.Visit.Progress is VisitProgress.EnRoute or VisitProgress.OnSite
        let van = ahead.VehicleId
        where van is not null
        let seen = day.Day.Vans.GetValueOrDefault(van.Value)
        where seen is not null && now - seen.FixTime > options.SilentFor
        group (ahead, seen) by van.Value into silent
        let one = silent.First()
        select new AlertFact(AlertType.SignalLost, "vehicle", silent.Key, AlertSeverity.High)
        {
            Label = one.ahead.Crew.Vehicle?.Name,
            VehicleId = silent.Key,
            Detail = new() { Since = one.seen.FixTime },
        };
}
