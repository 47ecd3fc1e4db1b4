namespace ChargeCars.Planning.Routes;

/// <summary>The drives among the places of a question, asked for in one call.</summary>
public sealed class TravelTable
{
    private readonly Dictionary<MapPoint, int> _rows;

    private TravelTable(Dictionary<MapPoint, int> rows, TravelMatrix matrix) => (_rows, Matrix) = (rows, matrix);

    /// <summary>Rows and columns are places, as <see cref="IndexOf"/> tells them.</summary>
    public TravelMatrix Matrix { get; }

    /// <summary>Asks for the drives among all places; unknown ones are left out, repeated ones asked for once.</summary>
    public static async ValueTask<TravelTable> CreateAsync(ITravelTimes travel, IEnumerable<MapPoint?> places, CancellationToken cancellation)
    {
        var rows = new Dictionary<MapPoint, int>();
        var points = new List<MapPoint>();
        foreach (var place in places)
        {
            if (place is { } point && rows.TryAdd(point, points.Count))
            {
                points.Add(point);
            }
        }

        return new(rows, await travel.MatrixAsync(points, points, cancellation));
    }

    /// <summary>A place's row; <see cref="RouteStop.Anywhere"/> where the place is not known.</summary>
    /// <exception cref="KeyNotFoundException">The place was not among those asked for.</exception>
    public int IndexOf(MapPoint? place) => place is { } point ? _rows[point] : RouteStop.Anywhere;

    /// <summary>Seconds of driving; 0 where either place is not known.</summary>
    public int Seconds(MapPoint? from, MapPoint? to) =>
        from is null || to is null || from == to ? 0 : Matrix.Seconds(IndexOf(from), IndexOf(to));
}
