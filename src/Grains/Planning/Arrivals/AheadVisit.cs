using ChargeCars.Planning.Routes;

namespace ChargeCars.Planning.Arrivals;

/// <summary>A visit of today that is not over, with what is expected of it.</summary>
/// <param name="Visit">The visit as its route sees it.</param>
/// <param name="Crew">Who makes it.</param>
/// <param name="Forecast">What is expected, from where the van is.</param>
/// <param name="OrderId">Its order.</param>
/// <param name="BusinessEntity">The name that it is made under.</param>
/// <param name="Told">The arrival that was told last; null where none was.</param>
internal sealed record AheadVisit(RouteVisit Visit, Crew Crew, VisitForecast Forecast, Guid OrderId, BusinessEntity BusinessEntity, ToldArrival? Told)
{
    /// <summary>The van that goes there.</summary>
    public Guid? VehicleId => Visit.VehicleId ?? Crew.Vehicle?.Id;
}

/// <summary>Today as far as it lies ahead.</summary>
/// <param name="Day">The day as it is planned.</param>
/// <param name="Visits">Crew by crew, each in the order in which it does them.</param>
internal sealed record DayAhead(PlannedDay Day, IReadOnlyList<AheadVisit> Visits);
