using ChargeCars.Planning.Routes;

namespace ChargeCars.Planning;

/// <summary>A day as it is planned: everybody's visits, and who could make them.</summary>
/// <param name="Day">The day, in the Netherlands.</param>
/// <param name="Visits">The visits that take time on it, of anybody.</param>
/// <param name="Crews">The teams, each with the van that it usually drives, and the vans without a team.</param>
/// <param name="Vans">Where the vans were last seen.</param>
public sealed record PlannedDay(DateOnly Day, IReadOnlyList<RouteVisit> Visits, IReadOnlyList<Crew> Crews, IReadOnlyDictionary<Guid, LivePosition> Vans)
{
    /// <summary>Who would make a visit with this team and van; null where neither is named or there is none such.</summary>
    public Crew? CrewOf(Guid? team, Guid? vehicle)
    {
        var byTeam = team is null ? null : Crews.FirstOrDefault(crew => crew.Team?.Id == team);
        var byVan = vehicle is null ? null : Crews.FirstOrDefault(crew => crew.Vehicle?.Id == vehicle);
        return (byTeam, byVan) switch
        {
            ({ } one, { } other) => one with { Vehicle = other.Vehicle },
            (null, { } alone) => team is null ? alone : null,
            ({ } alone, null) => vehicle is null ? alone : null,
            _ => null,
        };
    }
}
