using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Tests.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>A vehicle's fixes as somebody reported them: metres north of 52.09, 5.12, accuracy 8.</summary>
internal sealed class Report
{
    private const double MetersPerDegree = 111_195;

    private readonly List<PositionFix> _fixes = [];

    public IReadOnlyList<PositionFix> Fixes => _fixes;

    /// <summary>Seconds after eight in the morning of the last fix.</summary>
    public double Now { get; private set; }

    /// <summary>Metres north at the last fix.</summary>
    public double North { get; private set; }

    public bool? Ignition { get; set; }

    public static DateTimeOffset At(double seconds) => Positions.Fixes.Noon.AddHours(-4).AddSeconds(seconds);

    public Report Fix(double seconds, double north, double? kmh, double east = 0)
    {
        (Now, North) = (seconds, north);
        _fixes.Add(new(
            At(seconds), 52.09 + (north / MetersPerDegree), 5.12 + (east / (MetersPerDegree * Math.Cos(double.DegreesToRadians(52.09)))), 8, kmh, null, null,
            null, Ignition, "api"));
        return this;
    }

    /// <summary>The next fixes at the same place.</summary>
    public Report Stand(double seconds, double every, double? kmh = 0)
    {
        for (var end = Now + seconds; Now < end;)
        {
            Fix(Now + every, North, kmh);
        }

        return this;
    }

    /// <summary>Drives so many metres further north.</summary>
    public Report Go(double metres, double step, double every, double? kmh)
    {
        for (var end = North + metres; North < end;)
        {
            Fix(Now + every, Math.Min(end, North + step), kmh);
        }

        return this;
    }

    /// <summary>What the fold makes of them: the trips and the stops, in their order.</summary>
    public IReadOnlyList<Leg> Legs()
    {
        var fold = new MotionFold(new MotionOptions(), new PositionOptions());
        var state = fold.Begin(_fixes[0]);
        List<Leg> legs = [Leg.Open(state)];
        foreach (var fix in _fixes.Skip(1))
        {
            state = fold.Step(state, fix, out var turn);
            if (turn is not null)
            {
                legs[^1] = legs[^1] with { End = turn.At };
                legs.Add(Leg.Open(turn.To));
            }
        }

        return legs;
    }

    /// <summary>The trips that have ended.</summary>
    public IReadOnlyList<Leg> Trips() => [.. Legs().Where(leg => leg.IsTrip && leg.End is not null)];
}
