using ChargeCars.Planning.Routes;
using ChargeCars.Platform;

namespace ChargeCars.Bench;

/// <summary>A seeded day of vans and visits around Dutch towns, planned without overlaps.</summary>
internal sealed class DutchDay
{
    private static readonly MapPoint[] Towns =
    [
        new(52.37, 4.90), new(51.92, 4.48), new(52.08, 4.31), new(52.09, 5.12), new(51.44, 5.48), new(53.22, 6.57), new(51.59, 4.78), new(51.84, 5.86),
        new(52.22, 6.89), new(52.02, 5.66), new(52.51, 6.09), new(51.69, 5.30), new(52.16, 5.39), new(50.85, 5.69), new(52.63, 4.75), new(51.50, 3.61),
    ];

    public DutchDay(int vans, int visitsEach, int seed)
    {
        var random = new Random(seed);
        Crews = [.. Enumerable.Range(0, vans).Select(number => CrewOf(number, random))];
        Visits = [.. Crews.SelectMany(crew => Enumerable.Range(0, visitsEach).Select(number => VisitOf(crew, number, visitsEach, random)))];
    }

    public static DateOnly Date { get; } = new(2026, 3, 4);

    public IReadOnlyList<Crew> Crews { get; }

    public IReadOnlyList<RouteVisit> Visits { get; }

    /// <summary>A visit that nobody has yet, promised for the day.</summary>
    public static RouteVisit Unplanned(Random random, int number) => new()
    {
        Id = NameBasedId.Of($"unplanned {number}"),
        Number = $"V-{number}",
        Place = Near(Towns[random.Next(Towns.Length)], random),
        EstimatedMinutes = 45,
        RequiredSkills = ["install"],
        WindowStart = At(8, 0),
        WindowEnd = At(16, 0),
    };

    public static DateTimeOffset At(int hour, int minute) => WallClock.StartOf(Date).AddMinutes((hour * 60) + minute);

    private static Crew CrewOf(int number, Random random) => new()
    {
        Day = Date,
        Team = new(NameBasedId.Of($"team {number}"), $"team {number}", true, [new() { Id = NameBasedId.Of($"member {number}"), Name = "A", Skills = ["install"] }]),
        Vehicle = new() { Id = NameBasedId.Of($"van {number}"), Name = $"van {number}", Stock = new Dictionary<Guid, int>() },
        Hours = new(At(7, 30), At(17, 0)),
        StartPlace = Near(Towns[number % Towns.Length], random),
        EndPlace = Near(Towns[number % Towns.Length], random),
        Breaks = [new(At(11, 30), At(13, 30), 30)],
    };

    private static RouteVisit VisitOf(Crew crew, int number, int of, Random random)
    {
        var start = At(8, 0).AddMinutes(number * 510 / of);
        return new()
        {
            Id = NameBasedId.Of($"{crew.Name} {number}"),
            Number = $"V-{crew.Name}-{number}",
            Place = Near(crew.StartPlace!.Value, random),
            Planned = new(start, start.AddMinutes(300 / of)),
            WindowStart = start,
            WindowEnd = start.AddHours(2),
            EstimatedMinutes = 300 / of,
            TeamId = crew.Team!.Id,
            VehicleId = crew.Vehicle!.Id,
        };
    }

    private static MapPoint Near(MapPoint town, Random random) =>
        new(town.Latitude + ((random.NextDouble() - 0.5) * 0.2), town.Longitude + ((random.NextDouble() - 0.5) * 0.3));
}
