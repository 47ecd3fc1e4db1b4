using ChargeCars.Platform;

namespace ChargeCars.Silo.Demo;

/// <summary>A van at a moment.</summary>
/// <param name="Place">Where it truly is.</param>
/// <param name="SpeedKmh">km/h.</param>
/// <param name="Heading">Degrees clockwise from north.</param>
/// <param name="IsUnderway">Whether it is on a drive, be it before a red light.</param>
internal readonly record struct VanState(Place Place, double SpeedKmh, double Heading, bool IsUnderway);

/// <summary>One drive, from door to door.</summary>
internal sealed class Drive
{
    private readonly Track[] _parts;
    private readonly double _pace;

    /// <param name="departsAt">When it begins.</param>
    /// <param name="parts">Each begins where the one before ends.</param>
    /// <param name="pace">How much faster than the limits this driver is.</param>
    public Drive(DateTimeOffset departsAt, Track[] parts, double pace)
    {
        (DepartsAt, _parts, _pace) = (departsAt, parts, pace);
        ArrivesAt = departsAt.AddSeconds(parts.Sum(part => part.Seconds) / pace);
    }

    public DateTimeOffset DepartsAt { get; }

    public DateTimeOffset ArrivesAt { get; }

    public VanState At(DateTimeOffset time)
    {
        var seconds = (time - DepartsAt).TotalSeconds * _pace;
        var part = 0;
        while (part < _parts.Length - 1 && seconds > _parts[part].Seconds)
        {
            seconds -= _parts[part++].Seconds;
        }

        var point = _parts[part].At(seconds);
        var isUnderway = time < ArrivesAt;
        return new(point.Place, isUnderway ? point.SpeedKmh * _pace : 0, point.Heading, isUnderway);
    }
}

/// <summary>A stay at a customer's.</summary>
/// <param name="Way">How the van gets there.</param>
/// <param name="LeavesAt">When it leaves.</param>
/// <param name="Town">The customer's town.</param>
internal sealed record Stop(Drive Way, DateTimeOffset LeavesAt, Town Town);

/// <summary>
/// What a van does on one date: out of the depot, from customer to customer, and back. It begins and ends at the depot,
/// so days follow each other without a jump.
/// </summary>
internal sealed class VanDay
{
    private static readonly TimeZoneInfo Zone = WallClock.Zone;

    private readonly List<Drive> _drives = [];
    private readonly List<Stop> _stops = [];
    private readonly VanState _before;

    private VanDay(VanState before) => _before = before;

    /// <summary>When it first leaves; null where it stays in.</summary>
    public DateTimeOffset? Begins => _drives.Count == 0 ? null : _drives[0].DepartsAt;

    public IReadOnlyList<Drive> Drives => _drives;

    /// <summary>Its customers, in their order.</summary>
    public IReadOnlyList<Stop> Stops => _stops;

    public static VanDay Of(Van van, DateOnly date, RoadMap map)
    {
        var dice = van.Dice.For(date.DayNumber);
        var lot = van.Dice.For(-1);
        var way = Streets.To(van.Depot, lot).At(double.MaxValue);
        var day = new VanDay(new(way.Place, 0, way.Heading, false));
        if (Hours(van, date, dice) is not { } hours)
        {
            return day;
        }

        var (town, door, time) = (van.Depot, lot, hours.From);
        for (var visit = 0; ; visit++)
        {
            var chance = dice.For(visit);
            var (next, customer) = (Pick(map.Near(van.Depot), chance), chance.For(2));
            var drive = new Drive(time, Parts(map, town, door, next, customer), chance.Between(3, 0.88, 1.02));
            var leaves = drive.ArrivesAt.AddMinutes(van.Shift == Shift.Standby ? chance.Between(4, 8, 25) : chance.Between(4, 15, 70));
            var back = new Drive(leaves, Parts(map, next, customer, van.Depot, lot), 0.95);
            if (back.ArrivesAt > hours.To)
            {
                // Too late for another one.
                if (visit > 0)
                {
                    day._drives.Add(new(time, Parts(map, town, door, van.Depot, lot), 0.95));
                }

                return day;
            }

            day._drives.Add(drive);
            day._stops.Add(new(drive, leaves, next));
            (town, door, time) = (next, customer, leaves);
        }
    }

    /// <summary>Where the van is; before the first drive and after the last it is in the depot.</summary>
    public VanState At(DateTimeOffset time)
    {
        var (low, high) = (0, _drives.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _drives[middle].DepartsAt <= time ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? _before : _drives[low - 1].At(time);
    }

    /// <summary>The date on Dutch clocks.</summary>
    public static DateOnly DateOf(DateTimeOffset time) => WallClock.DateOf(time);

    /// <summary>The moment that a date begins at on Dutch clocks.</summary>
    public static DateTimeOffset StartOf(DateOnly date) => At(date, 0);

    private static (DateTimeOffset From, DateTimeOffset To)? Hours(Van van, DateOnly date, Dice dice) => van.Shift switch
    {
        Shift.Day => (At(date, dice.Between(-1, 6.25, 8)), At(date, dice.Between(-2, 16, 17.75))),
        Shift.Evening => (At(date, dice.Between(-1, 13.5, 14.75)), At(date, dice.Between(-2, 21.75, 23.25))),
        Shift.Night => (At(date, dice.Between(-1, 20.75, 22)), At(date.AddDays(1), dice.Between(-2, 5.5, 6.5))),
        Shift.Standby => (At(date, dice.Between(-1, 0, 0.3)), At(date, 23.9)),
        _ => null,
    };

    private static DateTimeOffset At(DateOnly date, double hours)
    {
        // The hour that a clock change leaves out is nobody's to begin in.
        var local = date.ToDateTime(TimeOnly.MinValue).AddSeconds(Math.Round(hours * 3600));
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    // Mostly near the depot.
    private static Town Pick(IReadOnlyList<Town> near, Dice chance) => near[(int)(Math.Pow(chance.Throw(1), 1.5) * Math.Min(12, near.Count))];

    private static Track[] Parts(RoadMap map, Town from, Dice door, Town to, Dice customer) => from == to
        ? [Streets.From(from, door), Streets.To(to, customer)]
        : [Streets.From(from, door), map.Between(from, to), Streets.To(to, customer)];
}
