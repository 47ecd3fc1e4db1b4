namespace ChargeCars.Fleet.Geofences;

/// <summary>
/// All active fences by place: a grid whose cells name the fences that touch them, so that a fix, which is mostly in none,
/// costs one look-up however many fences there are. Immutable: a change of a fence makes another index.
/// </summary>
internal sealed class FenceIndex
{
    /// <summary>Cells a degree: about 2.2 by 1.4 km in the Netherlands.</summary>
    private const double PerDegree = 50;

    /// <summary>A fence over more cells than this is looked at for every fix instead: there are few such.</summary>
    private const int MostCells = 400;

    private readonly Dictionary<(int Row, int Column), Fence[]> _cells = [];
    private readonly Dictionary<Guid, Fence> _byId = [];
    private readonly Fence[] _wide;

    public FenceIndex(IEnumerable<Geofence> active)
    {
        var cells = new Dictionary<(int, int), List<Fence>>();
        var wide = new List<Fence>();
        foreach (var fence in active.Select(geofence => new Fence(geofence)))
        {
            _byId[fence.Id] = fence;
            var (first, last) = (CellOf(fence.Bounds.South, fence.Bounds.West), CellOf(fence.Bounds.North, fence.Bounds.East));
            if (!fence.Bounds.IsPlain || (last.Row - first.Row + 1L) * (last.Column - first.Column + 1L) > MostCells)
            {
                wide.Add(fence);
                continue;
            }

            for (var row = first.Row; row <= last.Row; row++)
            {
                for (var column = first.Column; column <= last.Column; column++)
                {
                    if (!cells.TryGetValue((row, column), out var fences))
                    {
                        cells[(row, column)] = fences = [];
                    }

                    fences.Add(fence);
                }
            }
        }

        foreach (var (cell, fences) in cells)
        {
            _cells[cell] = [.. fences];
        }

        _wide = [.. wide];
    }

    /// <summary>No fences.</summary>
    public static FenceIndex Empty { get; } = new([]);

    /// <summary>How many fences there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The fences that a place may be inside of; the rest it is not.</summary>
    public ReadOnlySpan<Fence> Near(double latitude, double longitude) =>
        _cells.TryGetValue(CellOf(latitude, longitude), out var fences) ? fences : [];

    /// <summary>The fences too large for the grid.</summary>
    public ReadOnlySpan<Fence> Wide => _wide;

    /// <summary>Null where it is not, or no longer, active.</summary>
    public Fence? Find(Guid id) => _byId.GetValueOrDefault(id);

    private static (int Row, int Column) CellOf(double latitude, double longitude) =>
        ((int)Math.Floor(latitude * PerDegree), (int)Math.Floor(longitude * PerDegree));
}
