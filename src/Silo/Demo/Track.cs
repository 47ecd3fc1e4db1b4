namespace ChargeCars.Silo.Demo;

/// <summary>Where a van on a track is after some seconds.</summary>
/// <param name="Place">The point.</param>
/// <param name="SpeedKmh">km/h.</param>
/// <param name="Heading">Degrees clockwise from north.</param>
internal readonly record struct TrackPoint(Place Place, double SpeedKmh, double Heading);

/// <summary>
/// A line on the ground and how fast it is driven: as fast as its points allow, with the acceleration of a loaded van.
/// </summary>
internal sealed class Track
{
    private const double Acceleration = 1.1;
    private const double Braking = 1.6;

    // Nobody stands forever where both ends of a piece ask for a stop.
    private const double Creeping = 1.5;

    private readonly Place[] _points;
    private readonly double[] _speeds;
    private readonly double[] _seconds;

    /// <param name="points">At least two, no two of them the same one after the other.</param>
    /// <param name="limits">At each point, km/h; 0 to stand there for a moment.</param>
    public Track(IReadOnlyList<Place> points, IReadOnlyList<double> limits)
    {
        _points = [.. points];
        _speeds = [.. limits.Select(limit => limit / 3.6)];
        _seconds = new double[_points.Length];
        for (var i = 1; i < _points.Length; i++)
        {
            _speeds[i] = Math.Min(_speeds[i], Reach(_speeds[i - 1], _points[i - 1].MetersTo(_points[i]), Acceleration));
        }

        for (var i = _points.Length - 2; i >= 0; i--)
        {
            _speeds[i] = Math.Min(_speeds[i], Reach(_speeds[i + 1], _points[i].MetersTo(_points[i + 1]), Braking));
        }

        for (var i = 1; i < _points.Length; i++)
        {
            _seconds[i] = _seconds[i - 1] + (_points[i - 1].MetersTo(_points[i]) / Math.Max(Creeping, (_speeds[i - 1] + _speeds[i]) / 2));
        }
    }

    /// <summary>How long it takes, seconds.</summary>
    public double Seconds => _seconds[^1];

    /// <summary>Where the van is; at an end where that is not on the way.</summary>
    public TrackPoint At(double seconds)
    {
        var found = Array.BinarySearch(_seconds, Math.Clamp(seconds, 0, Seconds));
        var i = Math.Clamp(found < 0 ? ~found - 1 : found, 0, _points.Length - 2);
        var (length, passed) = (_seconds[i + 1] - _seconds[i], Math.Clamp(seconds, 0, Seconds) - _seconds[i]);
        var (from, to) = (_speeds[i], _speeds[i + 1]);
        var share = passed / length;
        // Evenly faster or slower from one end's speed to the other's.
        var way = from + to > 0 ? share * ((2 * from) + (share * (to - from))) / (from + to) : share;
        return new(
            _points[i].Towards(_points[i + 1], Math.Clamp(way, 0, 1)), (from + (share * (to - from))) * 3.6, _points[i].HeadingTo(_points[i + 1]));
    }

    private static double Reach(double speed, double meters, double acceleration) => Math.Sqrt((speed * speed) + (2 * acceleration * meters));
}
