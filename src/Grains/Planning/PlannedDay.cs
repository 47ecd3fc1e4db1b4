using ChargeCars.Planning.Routes;

namespace ChargeCars.Planning;

/// <summary>A day as it is planned: everybody's visits, and who could make them.</summary>
/// <param name="Day">The day, in the Netherlands.</param>
/// <param name="Visits">The visits that take time on it, of anybody.</param>
/// <param name="Crews">The teams, each with the van that it usually drives, and the vans without a team.</param>
/// <param name="Vans">Where the vans were last seen.</param>
public sealed record PlannedDay(DateOnly Day, IReadOnlyList<RouteVisit> Visits, IReadOnlyList<Crew> Crews, IReadOnlyDictionary<Guid, LivePosition> Vans)
{
    /// <summary>When each business entity works on it: the hours of a crew that works for all are those of the visit that it makes.</summary>
    public IReadOnlyDictionary<BusinessEntity, WorkingHours> Hours { get; init; } = new Dictionary<BusinessEntity, WorkingHours>();

    /// <summary>Who could make a visit of a business entity, each with the hours that count for it.</summary>
    public IReadOnlyList<Crew> CrewsFor(BusinessEntity? entity) => [.. Crews.Select(crew => With(crew, entity))];

    /// <summary>Who would make a visit with this team and van; null where neither is named or there is none such.</summary>
    public Crew? CrewOf(Guid? team, Guid? vehicle, BusinessEntity? entity)
    {
        var byTeam = team is null ? null : Crews.FirstOrDefault(crew => crew.Team?.Id == team);
        var byVan = vehicle is null ? null : Crews.FirstOrDefault(crew => crew.Vehicle?.Id == vehicle);
        return (byTeam, byVan) switch
        {
            ({ } one, { } other) => With(one with { Vehicle = other.Vehicle, StartPlace = other.StartPlace }, entity),
            (null, { } alone) => team is null ? With(alone, entity) : null,
            ({ } alone, null) => vehicle is null ? With(alone, entity) : null,
            _ => null,
        };
    }

    /// <summary>The same for who may not know where vans are and were.</summary>
    public PlannedDay WithoutPlaces() => this with
    {
        Crews = [.. Crews.Select(crew => crew with { StartPlace = null })], Vans = new Dictionary<Guid, LivePosition>(),
    };

    private Crew With(Crew crew, BusinessEntity? entity) =>
        crew.Team?.BusinessEntity is null && entity is { } of && Hours.TryGetValue(of, out var hours) ? crew with { Hours = hours.Hours, Breaks = hours.Breaks } : crew;
}

/// <summary>When is worked on a day.</summary>
/// <param name="Hours">From the first opening to the last closing; null where nobody works.</param>
/// <param name="Breaks">The pauses between.</param>
public sealed record WorkingHours(TimeRange? Hours, IReadOnlyList<CrewBreak> Breaks);
