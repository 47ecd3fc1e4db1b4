using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>A van's day as its tracker would send it, with the noise of a real one; the same for the same seed.</summary>
internal sealed class Drive(DateTimeOffset start, double interval, int seed = 1)
{
    private const double MetersPerDegree = 111_195;

    private readonly Random _random = new(seed);
    private readonly List<PositionFix> _fixes = [];
    private readonly DateTimeOffset _start = start;
    private DateTimeOffset _now = start;
    private double _east;
    private double _driftNorth;
    private double _driftEast;

    public IReadOnlyList<PositionFix> Fixes => _fixes;

    public DateTimeOffset Now => _now;

    /// <summary>Whether the tracker tells speed and heading.</summary>
    public bool TellsSpeed { get; init; } = true;

    public bool? Ignition { get; set; }

    /// <summary>The errors of a receiver that sees the sky: a slow drift and a jitter, metres.</summary>
    public double Noise { get; init; } = 4;

    /// <summary>The errors of a real receiver in their place, over and over; see <see cref="StandingReceiver"/>.</summary>
    public StandingReceiver? Receiver { get; init; }

    /// <summary>Metres for each metre that the real receiver was off, in its stated error too.</summary>
    public double Magnified { get; init; } = 1;

    /// <summary>Whether the tracker states its error.</summary>
    public bool TellsAccuracy { get; init; } = true;

    public Drive Stand(double minutes)
    {
        for (var end = _now.AddMinutes(minutes); _now < end; _now = _now.AddSeconds(interval))
        {
            Send(Math.Abs(Gauss()) * 0.6);
        }

        return this;
    }

    /// <summary>A receiver between houses: the drift is larger, and now and then it is thrown off by a reflection for some seconds.</summary>
    public Drive StandBetweenHouses(double minutes)
    {
        var (jump, until) = (0.0, _now);
        for (var end = _now.AddMinutes(minutes); _now < end; _now = _now.AddSeconds(interval))
        {
            // Once in two minutes, for seconds: a tracker that sends seldom meets few of them.
            if (_fixes.Count > 0 && _random.NextDouble() < Math.Min(interval / 120, 0.05))
            {
                (jump, until) = (80 + (_random.NextDouble() * 320), _now.AddSeconds(1 + (_random.NextDouble() * 9)));
            }

            var thrown = _now < until;
            var off = thrown ? jump : 0;
            Send(thrown ? _random.NextDouble() * 25 : Math.Abs(Gauss()), thrown ? 20 + (jump / 4) : 6 + (_random.NextDouble() * 20), off);
        }

        return this;
    }

    /// <summary>Drives east at a speed.</summary>
    public Drive Go(double meters, double kmh = 45)
    {
        for (var end = _east + meters; _east < end; _now = _now.AddSeconds(interval))
        {
            _east += Math.Min(kmh / 3.6 * interval, end - _east);
            Send(kmh + (Gauss() * 2));
        }

        return this;
    }

    public Drive BeSilent(double minutes)
    {
        _now = _now.AddMinutes(minutes);
        return this;
    }

    public Drive Jump(double meters)
    {
        _east += meters;
        return this;
    }

    private void Send(double kmh, double accuracy = 5, double off = 0)
    {
        if (Receiver?.At((_now - _start).TotalSeconds) is { } error)
        {
            Add(error.North * Magnified, error.East * Magnified, error.Accuracy * Magnified, kmh < 5 ? error.SpeedKmh : kmh);
            return;
        }

        // Drift is a walk that is pulled back home.
        _driftNorth = (_driftNorth * 0.97) + (Gauss() * Noise / 4);
        _driftEast = (_driftEast * 0.97) + (Gauss() * Noise / 4);
        Add(_driftNorth + (Gauss() * Noise / 2) + off, _driftEast + (Gauss() * Noise / 2), accuracy, Math.Max(0, kmh));
    }

    private void Add(double north, double east, double? accuracy, double? kmh) => _fixes.Add(new(
        _now, 52.09 + (north / MetersPerDegree), 5.12 + ((_east + east) / (MetersPerDegree * Math.Cos(double.DegreesToRadians(52.09)))),
        TellsAccuracy ? accuracy : null, TellsSpeed ? kmh : null, null, null, null, Ignition, "api"));

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
