using System.Runtime.InteropServices;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Planning.Routes;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet;

/// <summary>
/// Where all vehicles are, in this process's memory, by cells of a tenth of a degree: the nearest to a place are found without
/// looking at those that are far away (docs/adr/0054). One writer, any number of readers.
/// </summary>
public sealed class NearestIndex(IOptions<PositionOptions> options)
{
    private const double CellDegrees = 0.1;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, Entry> _vehicles = [];
    private readonly Dictionary<(int Row, int Column), Cell> _cells = [];
    private readonly Dictionary<Guid, Guid> _busyVisits = [];
    private readonly Dictionary<Guid, int> _busyVehicles = [];

    // Without a place: of them none is near, and none can take a job.
    private readonly Cell _nowhere = new(default, 0);

    // The cells from the nearest on, of the search that goes on.
    private readonly PriorityQueue<Cell, double> _order = new();

    /// <summary>Completes when it knows all vehicles.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Forgets what it knows for these.</summary>
    public void Load(IReadOnlyCollection<NearestRow> vehicles, IReadOnlyCollection<BusyVisit> visits)
    {
        lock (_gate)
        {
            _vehicles.Clear();
            _cells.Clear();
            _busyVisits.Clear();
            _busyVehicles.Clear();
            _nowhere.Fit.Clear();
            _nowhere.Others.Clear();
            foreach (var visit in visits)
            {
                Count(visit);
            }

            foreach (var vehicle in vehicles)
            {
                Put(vehicle);
            }
        }

        _loaded.TrySetResult();
    }

    /// <summary>Vehicles that may have changed, as they are now: one that was not found is no more.</summary>
    public void Put(IReadOnlyCollection<Guid> asked, IReadOnlyCollection<NearestRow> found)
    {
        lock (_gate)
        {
            foreach (var gone in asked.Except(found.Select(vehicle => vehicle.VehicleId)))
            {
                if (_vehicles.Remove(gone, out var entry))
                {
                    entry.Leave();
                }
            }

            foreach (var vehicle in found)
            {
                Put(vehicle);
            }
        }
    }

    /// <summary>Visits that may have changed: those of them that keep a vehicle busy now.</summary>
    public void PutVisits(IReadOnlyCollection<Guid> asked, IReadOnlyCollection<BusyVisit> found)
    {
        lock (_gate)
        {
            var touched = found.Select(visit => visit.VehicleId).ToHashSet();
            foreach (var id in asked)
            {
                if (_busyVisits.Remove(id, out var vehicle))
                {
                    touched.Add(vehicle);
                    if (--CollectionsMarshal.GetValueRefOrAddDefault(_busyVehicles, vehicle, out _) == 0)
                    {
                        _busyVehicles.Remove(vehicle);
                    }
                }
            }

            foreach (var visit in found)
            {
                Count(visit);
            }

            foreach (var vehicle in touched)
            {
                if (_vehicles.TryGetValue(vehicle, out var entry))
                {
                    Settle(entry);
                }
            }
        }
    }

    /// <summary>Where vehicles have been heard of; an older place than the known one changes nothing.</summary>
    public void Move(ReadOnlySpan<Vehicles.Positions.LivePosition> positions)
    {
        lock (_gate)
        {
            foreach (ref readonly var position in positions)
            {
                if (_vehicles.TryGetValue(position.VehicleId, out var entry) && !(entry.Row.Place?.FixTime >= position.FixTime))
                {
                    entry.Row = entry.Row with { Place = new(position.FixTime, position.Latitude, position.Longitude) };
                    Settle(entry);
                }
            }
        }
    }

    /// <summary>
    /// The vehicles nearest to a place that the caller sees: <paramref name="able"/> of those that can take a job, and, where these
    /// are fewer than <paramref name="wanted"/>, as many of the others as are missing.
    /// </summary>
    public IReadOnlyList<NearestRow> Find(MapPoint place, int able, int wanted, Func<Guid, bool> sees, DateTimeOffset now)
    {
        lock (_gate)
        {
            var best = new Best(able, place, sees);
            Search(best, cell => cell.Fit.Count > 0 && IsKnown(cell.Newest, now), (cell, search) =>
            {
                foreach (ref readonly var spot in CollectionsMarshal.AsSpan(cell.Fit))
                {
                    if (search.IsNear(spot) && IsKnown(spot.Entry.Row.Place?.FixTime, now))
                    {
                        search.Offer(spot.Entry.Row);
                    }
                }
            });
            var found = best.Take();
            if (found.Count >= wanted)
            {
                return found;
            }

            var rest = new Best(wanted - found.Count, place, sees);
            Search(rest, cell => cell.HasAny, OfferOthers);
            if (!rest.IsFull)
            {
                OfferOthers(_nowhere, rest);
            }

            return [.. found, .. rest.Take()];

            void OfferOthers(Cell cell, Best search)
            {
                foreach (ref readonly var spot in CollectionsMarshal.AsSpan(cell.Others))
                {
                    if (cell == _nowhere || search.IsNear(spot))
                    {
                        search.Offer(spot.Entry.Row);
                    }
                }

                foreach (ref readonly var spot in CollectionsMarshal.AsSpan(cell.Fit))
                {
                    if (search.IsNear(spot) && !IsKnown(spot.Entry.Row.Place?.FixTime, now))
                    {
                        search.Offer(spot.Entry.Row);
                    }
                }
            }
        }
    }

    private void Search(Best best, Func<Cell, bool> counts, Action<Cell, Best> offer)
    {
        _order.Clear();
        _order.EnqueueRange(_cells.Values.Where(counts).Select(cell => (cell, cell.DistanceFrom(best.Place))));
        while (_order.TryDequeue(out var cell, out var atLeast) && !best.IsSettled(atLeast))
        {
            offer(cell, best);
        }
    }

    private bool IsKnown(DateTimeOffset? fixTime, DateTimeOffset now) =>
        options.Value.FreshnessOf(fixTime, now) is Freshness.Live or Freshness.Stale;

    private void Count(BusyVisit visit)
    {
        _busyVisits[visit.VisitId] = visit.VehicleId;
        CollectionsMarshal.GetValueRefOrAddDefault(_busyVehicles, visit.VehicleId, out _)++;
    }

    private void Put(in NearestRow vehicle)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_vehicles, vehicle.VehicleId, out _);
        entry ??= new();
        entry.Row = vehicle;
        Settle(entry);
    }

    private void Settle(Entry entry)
    {
        var row = entry.Row;
        var cell = row.Place is { } place ? CellOf(place) : _nowhere;
        entry.Stand(cell, cell != _nowhere
            && JobFitness.IsFit(row.IsActive, row.IsAvailable, row.Status, isBusy: _busyVehicles.ContainsKey(row.VehicleId)));
    }

    private Cell CellOf(VehiclePlace place)
    {
        var key = ((int)Math.Floor(place.Latitude / CellDegrees), (int)Math.Floor(place.Longitude / CellDegrees));
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, key, out _);
        return cell ??= Cell.At(key.Item1 * CellDegrees, key.Item2 * CellDegrees, CellDegrees);
    }

    /// <summary>The vehicles of a cell, in no order.</summary>
    private sealed class Cell(SpherePoint middle, double radius)
    {
        /// <summary>Those with nothing in the way but, with time, silence.</summary>
        public List<Spot> Fit { get; } = [];

        public List<Spot> Others { get; } = [];

        /// <summary>No fix of those that are fit is newer.</summary>
        public DateTimeOffset Newest { get; set; }

        public bool HasAny => Fit.Count + Others.Count > 0;

        /// <summary>The cell whose south-west corner is given; its middle, and how far its corners are from that.</summary>
        public static Cell At(double south, double west, double size)
        {
            var (latitude, longitude) = (south + (size / 2), west + (size / 2));
            return new(SpherePoint.Of(latitude, longitude), Math.Max(
                Geo.Distance(latitude, longitude, south, west), Geo.Distance(latitude, longitude, south + size, west)));
        }

        /// <summary>Metres that anything in it is away at least.</summary>
        public double DistanceFrom(in SpherePoint place) => SpherePoint.Meters(middle.SquaredChordTo(place)) - radius;
    }

    /// <summary>A vehicle in its cell's list. Where it is lies beside the others', so that those that are too far away are passed over in one go.</summary>
    private readonly record struct Spot(SpherePoint Place, Entry Entry);

    private sealed class Entry
    {
        private List<Spot>? _list;
        private int _at;

        public NearestRow Row { get; set; }

        public void Stand(Cell cell, bool fit)
        {
            var list = fit ? cell.Fit : cell.Others;
            if (list != _list)
            {
                Leave();
                (_list, _at) = (list, list.Count);
                list.Add(default);
            }

            list[_at] = new(Row.Place is { } at ? SpherePoint.Of(at.Latitude, at.Longitude) : default, this);

            if (fit && Row.Place is { } place && place.FixTime > cell.Newest)
            {
                cell.Newest = place.FixTime;
            }
        }

        public void Leave()
        {
            if (_list is { } list)
            {
                var last = list[^1];
                (list[_at], last.Entry._at) = (last, _at);
                list.RemoveAt(list.Count - 1);
                _list = null;
            }
        }
    }

    /// <summary>The best so many of all that are offered: by whole metres, then by id; those without a place last.</summary>
    private sealed class Best(int count, MapPoint place, Func<Guid, bool> sees)
    {
        // The worst of them comes first.
        private readonly PriorityQueue<NearestRow, (double Meters, Guid Id)> _kept =
            new(Comparer<(double, Guid)>.Create((one, other) => other.CompareTo(one)));

        // Whatever is farther away than this is worse than all that are kept.
        private double _farthest = double.PositiveInfinity;

        /// <summary>The place that they are near to.</summary>
        public SpherePoint Place { get; } = SpherePoint.Of(place.Latitude, place.Longitude);

        /// <summary>Whether it may be among them.</summary>
        public bool IsNear(in Spot spot) => spot.Place.SquaredChordTo(Place) <= _farthest;

        public bool IsFull => _kept.Count >= count;

        /// <summary>Whether nothing so far away can be among them.</summary>
        public bool IsSettled(double atLeast) => count == 0 || (IsFull && _kept.TryPeek(out _, out var worst) && atLeast > worst.Meters + 1);

        public void Offer(in NearestRow row)
        {
            var key = (row.Place is { } at ? Math.Round(Geo.Distance(at.Latitude, at.Longitude, place.Latitude, place.Longitude)) : double.MaxValue, row.VehicleId);
            if (IsFull && (count == 0 || (_kept.TryPeek(out _, out var worst) && key.CompareTo(worst) >= 0)))
            {
                return;
            }

            if (sees(row.VehicleId))
            {
                _kept.Enqueue(row, key);
                if (_kept.Count > count)
                {
                    _kept.Dequeue();
                }

                if (IsFull && _kept.TryPeek(out _, out var farthest))
                {
                    // They are ordered by whole metres.
                    _farthest = SpherePoint.SquaredChord(farthest.Meters + 1);
                }
            }
        }

        public List<NearestRow> Take() => [.. _kept.UnorderedItems.OrderBy(kept => kept.Priority).Select(kept => kept.Element)];
    }
}

/// <summary>What the choice of the nearest depends on, of one vehicle.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="IsActive">Whether it is in active use.</param>
/// <param name="IsAvailable">Whether planning may use it.</param>
/// <param name="Status">What it is doing.</param>
/// <param name="Place">Where it was last; null where that is not known.</param>
public readonly record struct NearestRow(Guid VehicleId, bool IsActive, bool IsAvailable, VehicleStatus Status, VehiclePlace? Place);

/// <summary>Where a vehicle was.</summary>
/// <param name="FixTime">When, UTC.</param>
/// <param name="Latitude">Degrees WGS84.</param>
/// <param name="Longitude">Degrees WGS84.</param>
public readonly record struct VehiclePlace(DateTimeOffset FixTime, double Latitude, double Longitude);

/// <summary>A visit that a vehicle is under way to or at.</summary>
/// <param name="VisitId">The visit.</param>
/// <param name="VehicleId">The vehicle.</param>
public readonly record struct BusyVisit(Guid VisitId, Guid VehicleId);
