using System.Collections.Concurrent;
using System.Globalization;

namespace ChargeCars.Silo.Demo;

/// <summary>A town where customers live.</summary>
/// <param name="Index">Its place in <see cref="RoadMap.Towns"/>.</param>
/// <param name="Name">As on the signs.</param>
/// <param name="Centre">Where the roads meet.</param>
/// <param name="PostalDigits">The four digits that its postcodes begin with, in the centre.</param>
internal sealed record Town(int Index, string Name, Place Centre, string PostalDigits);

/// <summary>The country that the demo drives in: <c>netherlands.txt</c>, and the quickest ways through it.</summary>
internal sealed class RoadMap
{
    /// <summary>km/h at both ends of a road, where the streets begin.</summary>
    public const double TownSpeed = 45;

    // A curve's points are this far apart: a drive at any speed looks round.
    private const double CurveMeters = 200;

    private readonly List<Town> _towns = [];
    private readonly List<Road> _roads = [];
    private readonly List<(Place Centre, double Meters)> _hidden = [];
    private readonly ConcurrentDictionary<(int, int), Track> _tracks = new();
    private readonly Lazy<double[][]> _hours;
    private readonly Lazy<Town[][]> _near;

    public RoadMap()
    {
        using var file = new StreamReader(typeof(RoadMap).Assembly.GetManifestResourceStream("netherlands.txt")!);
        while (file.ReadLine() is { } line)
        {
            Read(line);
        }

        _hours = new(() => [.. _towns.Select(town => Quickest(town.Index).Hours)]);
        _near = new(() => [.. _towns.Select(town => _towns.OrderBy(other => _hours.Value[town.Index][other.Index]).ToArray())]);
    }

    public IReadOnlyList<Town> Towns => _towns;

    public Town Named(string name) => _towns.Single(town => town.Name == name);

    /// <summary>All towns, the nearest first: the town itself.</summary>
    public IReadOnlyList<Town> Near(Town town) => _near.Value[town.Index];

    /// <summary>Whether a tracker finds no network there.</summary>
    public bool IsHidden(Place place) => _hidden.Exists(zone => zone.Centre.MetersTo(place) < zone.Meters);

    /// <summary>The quickest way from one centre to the other; two towns.</summary>
    public Track Between(Town from, Town to) => _tracks.GetOrAdd((from.Index, to.Index), pair => Draw(pair.Item1, pair.Item2));

    private Track Draw(int from, int to)
    {
        var last = Quickest(from).Last;
        var way = new List<(Place Place, double Limit)>();
        for (var at = to; at != from;)
        {
            var road = _roads[last[at]];
            var points = road.From == at ? road.Points : [.. road.Points.Reverse()];
            // Past a town on the way the road goes around at road speed.
            way.AddRange(Curve(points).Select(place => (place, road.Limit)));
            at = road.From == at ? road.To : road.From;
        }

        way.Reverse();
        var track = way.Where((point, i) => i == 0 || point.Place != way[i - 1].Place).ToList();
        var limits = track.Select(point => point.Limit).ToList();
        limits[0] = limits[^1] = TownSpeed;
        return new([.. track.Select(point => point.Place)], limits);
    }

    /// <summary>Dijkstra: hours to every town, and the road by which it is reached last.</summary>
    private (double[] Hours, int[] Last) Quickest(int from)
    {
        var hours = new double[_towns.Count];
        var last = new int[_towns.Count];
        Array.Fill(hours, double.PositiveInfinity);
        hours[from] = 0;
        var open = new PriorityQueue<int, double>();
        open.Enqueue(from, 0);
        while (open.TryDequeue(out var town, out var reached))
        {
            for (var i = 0; i < _roads.Count; i++)
            {
                var road = _roads[i];
                var next = road.From == town ? road.To : road.To == town ? road.From : -1;
                if (next >= 0 && reached + road.Hours < hours[next])
                {
                    (hours[next], last[next]) = (reached + road.Hours, i);
                    open.Enqueue(next, hours[next]);
                }
            }
        }

        return (hours, last);
    }

    /// <summary>A curve through all points (centripetal enough for points as even as these: Catmull–Rom).</summary>
    private static IEnumerable<Place> Curve(Place[] points)
    {
        for (var i = 0; i < points.Length - 1; i++)
        {
            var (a, b, c, d) = (points[Math.Max(0, i - 1)], points[i], points[i + 1], points[Math.Min(points.Length - 1, i + 2)]);
            var steps = Math.Max(1, (int)(b.MetersTo(c) / CurveMeters));
            for (var step = 0; step < steps; step++)
            {
                var t = (double)step / steps;
                yield return new(
                    Spline(a.Latitude, b.Latitude, c.Latitude, d.Latitude, t), Spline(a.Longitude, b.Longitude, c.Longitude, d.Longitude, t));
            }
        }

        yield return points[^1];
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        0.5 * ((2 * b) + ((c - a) * t) + (((2 * a) - (5 * b) + (4 * c) - d) * t * t) + (((3 * b) - a - (3 * c) + d) * t * t * t));

    private void Read(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var parts = line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries);
        switch (line[..Math.Max(0, colon)])
        {
            case "town":
                _towns.Add(new(_towns.Count, parts[0], PlaceOf(parts[1]), parts[2]));
                break;
            case "road":
                var ends = parts[0].Split(" > ");
                var (from, to) = (Named(ends[0]), Named(ends[1]));
                _roads.Add(new(from.Index, to.Index, Number(parts[2]),
                    [from.Centre, .. parts[3].Split(',', StringSplitOptions.TrimEntries).Select(PlaceOf), to.Centre]));
                break;
            case "hidden":
                _hidden.Add((PlaceOf(parts[1]), Number(parts[2]) * 1000));
                break;
            default:
                break;
        }
    }

    private static Place PlaceOf(string text)
    {
        var numbers = text.Split(' ');
        return new(Number(numbers[0]), Number(numbers[1]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A road between two towns, drawn from one to the other.</summary>
    private sealed record Road(int From, int To, double Limit, Place[] Points)
    {
        public double Hours { get; } = Points.Zip(Points.Skip(1), (one, next) => one.MetersTo(next)).Sum() / 1000 / Limit;
    }
}
