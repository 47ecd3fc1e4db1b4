using ChargeCars.Fleet;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Planning.Routes;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet;

/// <summary>The index beside the plainest way to find the nearest: measure all, sort all.</summary>
public sealed class NearestIndexTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly PositionOptions _limits = new();

    /// <summary>Vehicles come, go, move, work and fall silent, over the whole earth, its poles and its date line too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Find_AfterAnyChanges_IsTheHeadOfAllSorted(int seed)
    {
        var random = new Random(seed);
        var index = new NearestIndex(Options.Create(_limits));
        var (rows, visits) = (new Dictionary<Guid, NearestRow>(), new Dictionary<Guid, Guid>());
        index.Load([], []);
        for (var round = 0; round < 400; round++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    var row = Row(Guid.NewGuid());
                    rows[row.VehicleId] = row;
                    index.Put([row.VehicleId], [row]);
                    break;
                case 2 when rows.Count > 0:
                    var gone = Any();
                    rows.Remove(gone);
                    index.Put([gone], []);
                    break;
                case 3 when rows.Count > 0:
                    var moved = Any();
                    var place = Somewhere();
                    index.Move([new(moved, place.FixTime, place.Latitude, place.Longitude, null, null, null, null, VehicleStatus.Driving)]);
                    if (!(rows[moved].Place?.FixTime >= place.FixTime))
                    {
                        rows[moved] = rows[moved] with { Place = place };
                    }

                    break;
                case 4 when rows.Count > 0:
                    var visit = visits.Count > 0 && random.Next(2) == 0 ? visits.Keys.ElementAt(random.Next(visits.Count)) : Guid.NewGuid();
                    visits[visit] = Any();
                    index.PutVisits([visit], [new(visit, visits[visit])]);
                    break;
                case 5 when visits.Count > 0:
                    var over = visits.Keys.ElementAt(random.Next(visits.Count));
                    visits.Remove(over);
                    index.PutVisits([over], []);
                    break;
            }

            if (round % 10 == 0)
            {
                Check();
            }
        }

        index.Load(rows.Values, [.. visits.Select(visit => new BusyVisit(visit.Key, visit.Value))]);
        Check();

        void Check()
        {
            var (place, able, wanted) = (Somewhere(), random.Next(1, 40), random.Next(1, 20));
            able = Math.Max(able, wanted);
            var seen = rows.Keys.Where(_ => random.Next(4) > 0).ToHashSet();
            var all = rows.Values.Where(row => seen.Contains(row.VehicleId)).Select(row => (
                row.VehicleId,
                Able: row.IsActive && row.IsAvailable && row.Status is VehicleStatus.Parked or VehicleStatus.Driving && row.IsActive && row.IsAvailable
                    && !visits.ContainsValue(row.VehicleId) && row.Place is { } at && Noon - at.FixTime < _limits.OfflineAfter,
                Meters: row.Place is { } there ? Math.Round(Geo.Distance(there.Latitude, there.Longitude, place.Latitude, place.Longitude)) : double.MaxValue))
                .OrderBy(row => row.Meters).ThenBy(row => row.VehicleId).ToList();
            var expected = all.Where(row => row.Able).Take(able).ToList();
            expected.AddRange(all.Where(row => !row.Able).Take(Math.Max(0, wanted - expected.Count)));

            var found = index.Find(new(place.Latitude, place.Longitude), able, wanted, seen.Contains, Noon);

            Assert.Equal(expected.Select(row => row.VehicleId), found.Select(row => row.VehicleId));
        }

        Guid Any() => rows.Keys.ElementAt(random.Next(rows.Count));

        NearestRow Row(Guid id) => new(
            id, random.Next(8) > 0, random.Next(8) > 0, (VehicleStatus)random.Next(4), random.Next(8) > 0 ? Somewhere() : null);

        VehiclePlace Somewhere()
        {
            var at = Noon - TimeSpan.FromSeconds(random.Next(3) * 0.6 * _limits.OfflineAfter.TotalSeconds);
            return random.Next(5) switch
            {
                0 => new(at, 90 - (random.NextDouble() * 0.2), (random.NextDouble() * 360) - 180),
                1 => new(at, random.NextDouble(), random.Next(2) == 0 ? 180 - (random.NextDouble() * 0.2) : -180 + (random.NextDouble() * 0.2)),
                2 => new(at, random.Next(2) == 0 ? -90 : 90, 180),
                _ => new(at, 51 + (random.NextDouble() * 2), 4 + (random.NextDouble() * 2)),
            };
        }
    }

    [Fact]
    public async Task Loaded_IsWaitedFor()
    {
        var index = new NearestIndex(Options.Create(_limits));
        Assert.False(index.Loaded.IsCompleted);

        index.Load([], []);

        await index.Loaded;
    }
}
