using ChargeCars.Fleet.Vehicles;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;

namespace ChargeCars.Tests.Planning.Routes;

/// <summary>A Wednesday in March on one long road, on which places are told in minutes of driving from its beginning.</summary>
internal static class PlannedDay
{
    public static readonly DateOnly Date = new(2026, 3, 4);
    public static readonly Guid Van = Guid.Parse("00000000-0000-0000-0000-0000000000a1");
    public static readonly Guid Team = Guid.Parse("00000000-0000-0000-0000-0000000000b1");
    public static readonly Guid Anna = Guid.Parse("00000000-0000-0000-0000-0000000000c1");
    public static readonly PlanningOptions Options = new();

    public static DateTimeOffset At(string time) => WallClock.MomentOf(Date, TimeOnly.Parse(time, null))!.Value;

    public static DateTimeOffset At(int minute) => WallClock.StartOf(Date).AddMinutes(minute);

    public static TimeRange From(string start, string end) => new(At(start), At(end));

    public static MapPoint Minute(int minutes) => new(52, minutes / 1000.0);

    /// <summary>A team of Anna in a van, 08:00–17:00, from and to the beginning of the road.</summary>
    public static Crew North => new()
    {
        Day = Date,
        Team = new(Team, "North", true, [new() { Id = Anna, Name = "Anna", Skills = ["install"] }]),
        Vehicle = new() { Id = Van, Name = "V-196-RP" },
        Hours = From("08:00", "17:00"),
        StartPlace = Minute(0),
        EndPlace = Minute(0),
    };

    public static RouteVisit Visit(string number, int minute, string? start = null, string? end = null) => new()
    {
        Id = NameBasedId.Of(number),
        Number = number,
        Place = Minute(minute),
        Planned = start is null ? null : From(start, end!),
        VehicleId = Van,
        TeamId = Team,
    };

    public static CheckAnswer Check(RouteVisit visit, Crew crew, params RouteVisit[] day) =>
        RouteCheck.Check(visit, crew, day, Travel([visit, .. day], [crew]), Options);

    public static TravelTable Travel(IEnumerable<RouteVisit> visits, IEnumerable<Crew> crews, MapPoint? live = null)
    {
        var table = TravelTable.CreateAsync(
            new Road(),
            [.. visits.Select(visit => visit.Place), .. crews.SelectMany(crew => (MapPoint?[])[crew.StartPlace, crew.EndPlace]), live],
            CancellationToken.None);
        // The road answers at once.
        return table.AsTask().GetAwaiter().GetResult();
    }

    public static string Rules(CheckAnswer answer) => string.Join(' ', answer.Violations.Select(found => WireText.Of(found.Rule) + (found.Hard ? "!" : "")));

    /// <summary>The road; no way leads to the islands south of it.</summary>
    internal sealed class Road : ITravelTimes
    {
        public string Method => "the long road";

        public ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation)
        {
            int[] seconds = [.. from.SelectMany(start => to.Select(end => start.Latitude != end.Latitude
                ? TravelMatrix.Unreachable
                : (int)Math.Round(Math.Abs(start.Longitude - end.Longitude) * 60_000)))];
            return new(new TravelMatrix(from.Count, to.Count, seconds, [.. seconds.Select(drive => drive * 20)]));
        }
    }
}
