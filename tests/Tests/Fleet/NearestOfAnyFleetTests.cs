using ChargeCars.Fleet;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet;

/// <summary>The nearest vehicles beside the plainest way to find them: measure all, sort all.</summary>
public sealed class NearestOfAnyFleetTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    [Fact]
    public async Task Find_OfAnyFleetPlaceAndScope_IsTheHeadOfAllSorted()
    {
        var random = new Random(20260302);
        var fleet = new List<Van>();
        for (var i = 0; i < 60; i++)
        {
            fleet.Add(await AddAsync(random));
        }

        var estimator = new StraightLineTravelTimes(Options.Create(new TravelOptions()));
        var nearest = new NearestVehicles(database.Source, await database.NearestAsync(), estimator, Options.Create(database.Limits));
        for (var i = 0; i < 60; i++)
        {
            var (place, limit) = (new MapPoint(51 + (random.NextDouble() * 2), 4 + (random.NextDouble() * 2)), random.Next(1, 40));
            var seen = fleet.Where(_ => random.Next(3) > 0).ToList();

            var found = await nearest.FindAsync(place, limit, id => seen.Any(van => van.Id == id), Fixes.Noon, CancellationToken.None);

            var expected = seen.Select(van =>
            {
                var meters = van.Place is { } at ? Math.Round(DistanceOf(at, place)) : (double?)null;
                // From the exact distance, as rounded metres may be another second.
                var seconds = van.Place is { } from ? Math.Round(estimator.Estimate(DistanceOf(from, place)).Seconds) : (double?)null;
                return (van.CanTakeJob, Seconds: seconds, Meters: meters);
            }).OrderByDescending(van => van.CanTakeJob).ThenBy(van => van.Seconds ?? double.MaxValue).ThenBy(van => van.Meters ?? double.MaxValue).Take(limit);
            Assert.Equal(
                expected.Select(van => (van.CanTakeJob, van.Seconds, van.Meters)), found.Select(van => (van.CanTakeJob, van.EtaSeconds, van.DistanceMeters)));
            Assert.All(found, one =>
            {
                var van = seen.Single(van => van.Id == one.VehicleId);
                Assert.Equal((van.CanTakeJob, van.Freshness), (one.Reasons.Count == 0, one.Freshness));
            });
        }
    }

    private async Task<Van> AddAsync(Random random)
    {
        var id = await database.AddVehicleAsync($"T-{Guid.NewGuid().ToString("N")[..8]}");
        var place = random.Next(10) == 0 ? (MapPoint?)null : new MapPoint(51 + (random.NextDouble() * 2), 4 + (random.NextDouble() * 2));
        var age = TimeSpan.FromSeconds(random.Next(3) switch { 0 => 5, 1 => database.Limits.StaleAfter.TotalSeconds, _ => database.Limits.OfflineAfter.TotalSeconds });
        var status = new[] { "parked", "driving", "on_site", "maintenance" }[random.Next(4)];
        var (active, available) = (random.Next(8) > 0, random.Next(8) > 0);
        await using var update = database.Source.CreateCommand("""
            UPDATE vehicle SET operational_status = $2, is_active = $3, is_available = $4, last_location_update = $5,
                current_location = CASE WHEN $6::float8 IS NOT NULL THEN jsonb_build_object('latitude', $6, 'longitude', $7::float8) END
            WHERE id = $1
            """);
        update.Parameters.AddRange(new[]
        {
            Sql.Uuid(id), Sql.Text(status), Sql.Bool(active), Sql.Bool(available), Sql.Time(place is null ? null : Fixes.Noon - age),
            Sql.Double(place?.Latitude), Sql.Double(place?.Longitude),
        });
        await update.ExecuteNonQueryAsync();
        var freshness = place is null ? Freshness.Unknown
            : age >= database.Limits.OfflineAfter ? Freshness.Offline : age >= database.Limits.StaleAfter ? Freshness.Stale : Freshness.Live;
        return new(id, place, freshness, active && available && status is "parked" or "driving" && freshness is Freshness.Live or Freshness.Stale);
    }

    /// <summary>By the angle between two directions from the middle of the earth.</summary>
    private static double DistanceOf(MapPoint one, MapPoint other)
    {
        var (a, b) = (DirectionOf(one), DirectionOf(other));
        var chord = Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2) + Math.Pow(a.Z - b.Z, 2));
        return 2 * Math.Asin(chord / 2) * 6_371_008.8;
    }

    private static (double X, double Y, double Z) DirectionOf(MapPoint place)
    {
        var (latitude, longitude) = (double.DegreesToRadians(place.Latitude), double.DegreesToRadians(place.Longitude));
        return (Math.Cos(latitude) * Math.Cos(longitude), Math.Cos(latitude) * Math.Sin(longitude), Math.Sin(latitude));
    }

    private sealed record Van(Guid Id, MapPoint? Place, Freshness Freshness, bool CanTakeJob);
}
