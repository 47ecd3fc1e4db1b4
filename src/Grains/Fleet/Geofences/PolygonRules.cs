using System.Globalization;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Geofences;

/// <summary>What makes a list of corners an area: enough of them, not too far apart, and edges that do not cross.</summary>
public static class PolygonRules
{
    /// <summary>Corners of one polygon, at most: a fix is compared with each of its edges.</summary>
    public const int MostCorners = 500;

    /// <summary>Metres from side to side, at most.</summary>
    private const double LargestSpan = 100_000;

    /// <summary>Square metres, at least: less is a line to a GPS receiver.</summary>
    private const double SmallestArea = 25;

    /// <summary>Crossings named in one answer, at most.</summary>
    private const int MostNamed = 10;

    /// <summary>The faults by field; none where it is an area.</summary>
    public static IEnumerable<(string Field, string Fault)> Faults(IReadOnlyList<GeofencePoint>? polygon)
    {
        if (polygon is null)
        {
            return [("polygon", $"is required for a polygon: 3 to {MostCorners} corners with latitude and longitude")];
        }

        var corners = Opened(polygon);
        if (corners.Count is < 3 or > MostCorners)
        {
            return [("polygon", $"must have 3 to {MostCorners} corners, not {corners.Count}")];
        }

        var faults = Places(corners).ToList();
        return faults.Count > 0 ? faults : Size(corners) is { } fault ? [("polygon", fault)] : Crossings(corners);
    }

    /// <summary>Without the repetition of the first corner at the end, which many maps write.</summary>
    public static IReadOnlyList<GeofencePoint> Opened(IReadOnlyList<GeofencePoint> polygon) =>
        polygon.Count > 1 && polygon[0] == polygon[^1] ? [.. polygon.Take(polygon.Count - 1)] : polygon;

    private static IEnumerable<(string Field, string Fault)> Places(IReadOnlyList<GeofencePoint> corners)
    {
        for (var i = 0; i < corners.Count; i++)
        {
            if (corners[i] is not { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180 })
            {
                yield return ($"polygon[{i}]", "must have a latitude of -90 to 90 and a longitude of -180 to 180 degrees");
            }
            else if (i > 0 && corners[i] == corners[i - 1])
            {
                yield return ($"polygon[{i}]", "repeats the corner before it");
            }
        }
    }

    private static string? Size(IReadOnlyList<GeofencePoint> corners)
    {
        var (south, north) = (corners.Min(corner => corner.Latitude), corners.Max(corner => corner.Latitude));
        var (west, east) = (corners.Min(corner => corner.Longitude), corners.Max(corner => corner.Longitude));
        var middle = (south + north) / 2;
        if (east - west > 180 || Geo.Distance(south, west, north, west) > LargestSpan || Geo.Distance(middle, west, middle, east) > LargestSpan)
        {
            return $"must not span more than {LargestSpan / 1000} km, nor the date line";
        }

        var plane = new Plane(middle, west);
        var area = Enumerable.Range(0, corners.Count).Sum(i =>
        {
            var ((x1, y1), (x2, y2)) = (plane.Of(corners[i]), plane.Of(corners[(i + 1) % corners.Count]));
            return (x1 * y2) - (x2 * y1);
        }) / 2;
        // A figure of eight may have none on balance: its crossing says more.
        return Math.Abs(area) < SmallestArea && !Crossings(corners).Any() ? $"must enclose at least {SmallestArea} square metres" : null;
    }

    private static IEnumerable<(string Field, string Fault)> Crossings(IReadOnlyList<GeofencePoint> corners)
    {
        var named = new List<string>();
        var count = corners.Count;
        for (var i = 0; i < count && named.Count < MostNamed; i++)
        {
            for (var j = i + 1; j < count && named.Count < MostNamed; j++)
            {
                var neighbours = j == i + 1 || (i == 0 && j == count - 1);
                if (neighbours ? FoldsBack(corners, i, j) : Meet(corners[i], corners[(i + 1) % count], corners[j], corners[(j + 1) % count]))
                {
                    named.Add($"the edge from corner {Edge(i, count)} crosses the edge from corner {Edge(j, count)}");
                }
            }
        }

        return named.Count == 0 ? [] : [("polygon", "must not cross itself: " + string.Join("; ", named))];
    }

    private static string Edge(int from, int count) => string.Create(CultureInfo.InvariantCulture, $"{from} to {(from + 1) % count}");

    // Two edges that share a corner cross where one lies on the other.
    private static bool FoldsBack(IReadOnlyList<GeofencePoint> corners, int i, int j)
    {
        var count = corners.Count;
        var (before, shared, after) = j == i + 1
            ? (corners[i], corners[j], corners[(j + 1) % count])
            : (corners[j], corners[i], corners[(i + 1) % count]);
        return Turn(before, shared, after) == 0
            && ((before.Longitude - shared.Longitude) * (after.Longitude - shared.Longitude))
                + ((before.Latitude - shared.Latitude) * (after.Latitude - shared.Latitude)) > 0;
    }

    private static bool Meet(GeofencePoint a, GeofencePoint b, GeofencePoint c, GeofencePoint d)
    {
        var (abc, abd, cda, cdb) = (Turn(a, b, c), Turn(a, b, d), Turn(c, d, a), Turn(c, d, b));
        return (abc * abd < 0 && cda * cdb < 0)
            || (abc == 0 && IsBetween(a, b, c)) || (abd == 0 && IsBetween(a, b, d))
            || (cda == 0 && IsBetween(c, d, a)) || (cdb == 0 && IsBetween(c, d, b));
    }

    private static int Turn(GeofencePoint a, GeofencePoint b, GeofencePoint c) => Math.Sign(
        ((b.Longitude - a.Longitude) * (c.Latitude - a.Latitude)) - ((b.Latitude - a.Latitude) * (c.Longitude - a.Longitude)));

    // Of three points on one line.
    private static bool IsBetween(GeofencePoint a, GeofencePoint b, GeofencePoint point) =>
        point.Longitude >= Math.Min(a.Longitude, b.Longitude) && point.Longitude <= Math.Max(a.Longitude, b.Longitude)
        && point.Latitude >= Math.Min(a.Latitude, b.Latitude) && point.Latitude <= Math.Max(a.Latitude, b.Latitude);
}
