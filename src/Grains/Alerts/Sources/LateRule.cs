using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;

namespace ChargeCars.Alerts.Sources;

/// <summary>Which visits will be late enough for somebody to do something about it: pure.</summary>
internal static class LateRule
{
    /// <summary>
    /// One fact for each crew: its first visit that will be late. What comes after it is late because of it, and is counted there; it is
    /// told by itself once the first is over.
    /// </summary>
    /// <param name="visits">What lies ahead, each crew's visits in the order in which it does them.</param>
    /// <param name="standing">The visits whose alert stands: they are late until they are clearly less so.</param>
    /// <param name="options">How late is late.</param>
    public static IEnumerable<AlertFact> Facts(IReadOnlyList<AheadVisit> visits, IReadOnlySet<Guid> standing, AlertOptions options) =>
        visits.Where(ahead => MinutesOf(ahead) > options.LateMinutes - (standing.Contains(ahead.Visit.Id) ? options.LateHysteresisMinutes : 0))
            .GroupBy(ahead => (ahead.Visit.TeamId, ahead.Visit.VehicleId))
            .Select(late => Fact(late.First(), late.Count()));

    /// <summary>
    /// By how much the expected arrival misses the end of the promised window or, without one, the planned time, minutes; null where nobody
    /// is on the way any more.
    /// </summary>
    public static int? MinutesOf(AheadVisit ahead) =>
        ahead.Visit.Progress is VisitProgress.Planned or VisitProgress.EnRoute && PromiseOf(ahead) is { } promise
            ? (int)Math.Ceiling((ahead.Forecast.Arrival.Expected - promise).TotalMinutes)
            : null;

    private static DateTimeOffset? PromiseOf(AheadVisit ahead) => ahead.Visit.WindowEnd ?? ahead.Visit.Planned?.Start;

    private static AlertFact Fact(AheadVisit ahead, int count) => new(AlertType.VisitLate, "visit", ahead.Visit.Id, AlertSeverity.High)
    {
        Label = ahead.Visit.Number,
        BusinessEntity = ahead.BusinessEntity,
        VehicleId = ahead.VehicleId,
        VisitId = ahead.Visit.Id,
        OrderId = ahead.OrderId,
        Detail = new() { LateMinutes = MinutesOf(ahead), ExpectedAt = ahead.Forecast.Arrival.Expected, DueAt = PromiseOf(ahead), Count = count },
    };
}
