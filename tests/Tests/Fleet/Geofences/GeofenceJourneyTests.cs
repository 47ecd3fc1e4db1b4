using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Fleet.Geofences;

/// <summary>From a tracker's request to the record, on the whole host.</summary>
[Collection(HostCollection.Name)]
public sealed class GeofenceJourneyTests(RunningHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Fixes_IntoAndOutOfAFence_AreEventsOnRecordAndInTheFeed()
    {
        var vehicle = await host.CreateVehicleAsync();
        using var created = await host.Administrator.PostAsJsonAsync("/api/geofences", new
        {
            name = "Customer",
            shape = "circle",
            latitude = 53.1,
            longitude = 6.1,
            radiusMeters = 100,
            dwellSeconds = 60,
        });
        var fence = (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await host.Services.GetRequiredService<FenceCatalog>().RefreshAsync(CancellationToken.None);
        var start = DateTimeOffset.UtcNow.AddMinutes(-20);

        // Repeated, as a tracker does that did not hear the answer.
        for (var i = 0; i < 2; i++)
        {
            using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
            {
                positions = new[] { Fix(0, 53.12), Fix(120, 53.1002), Fix(200, 53.1), Fix(900, 53.1), Fix(1000, 53.13) },
            });
            sent.EnsureSuccessStatusCode();
        }

        var events = await EventsAsync($"/api/geofence-events?vehicleId={vehicle}", 2);
        Assert.Equal(
            [("left", Time(1000)), ("entered", Time(120))],
            events.Select(item => (item.GetProperty("eventType").GetString()!, item.GetProperty("fixTime").GetString()!)));
        Assert.All(events, item => Assert.Equal(fence, item.GetProperty("geofenceId").GetGuid()));
        // Where exactly it was at that moment is asked for with positions.read.
        using var fences = await host.WithKeyAsync("geofences.read");
        using var both = await host.WithKeyAsync("geofences.read", "positions.read");
        Assert.Equal([(null, null), (null, null)], await PlacesAsync(fences));
        Assert.Equal([(53.13, 6.1), (53.1, 6.1)], await PlacesAsync(both));
        Assert.Single(await EventsAsync($"/api/geofence-events?geofenceId={fence}&eventType=entered&to={Time(500)}", 1));
        Assert.Equal(
            "geofence.entered,geofence.left",
            await host.Database.ScalarAsync(
                "SELECT string_agg(type, ',' ORDER BY sequence) FROM change_event WHERE entity_id = $1 AND vehicle_id = $2", fence, vehicle));
        var version = (await host.Administrator.ReadAsync($"/api/geofences/{fence}")).GetProperty("version").ToString();
        await (await host.Administrator.DeleteAsync($"/api/geofences/{fence}", version)).ProblemAsync(HttpStatusCode.Conflict);

        object Fix(int second, double latitude) => new { vehicleId = vehicle, fixTime = Time(second), latitude, longitude = 6.1, accuracyMeters = 5, speedKmh = 30 };

        async Task<IEnumerable<(double?, double?)>> PlacesAsync(HttpClient client) =>
            (await client.ReadAsync($"/api/geofence-events?vehicleId={vehicle}")).GetProperty("items").EnumerateArray()
                .Select(item => (item.GetProperty("latitude").Deserialize<double?>(), item.GetProperty("longitude").Deserialize<double?>()));

        string Time(int second) => start.AddSeconds(second).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Fixes_OfAVisitBehindItsNewestOne_AreEventsAllTheSame()
    {
        var vehicle = await host.CreateVehicleAsync();
        using var created = await host.Administrator.PostAsJsonAsync("/api/geofences", new
        {
            name = "Buffered", shape = "circle", latitude = 53.4, longitude = 6.1, radiusMeters = 100, dwellSeconds = 60,
        });
        await created.JsonAsync(HttpStatusCode.Created);
        await host.Services.GetRequiredService<FenceCatalog>().RefreshAsync(CancellationToken.None);
        var start = DateTimeOffset.UtcNow.AddMinutes(-40);

        await SendAsync(Fix(2_000, 53.5));
        await SendAsync(Fix(0, 53.42), Fix(300, 53.4002), Fix(600, 53.4), Fix(900, 53.4), Fix(1_000, 53.43));

        Assert.Equal(["left", "entered"], (await EventsAsync($"/api/geofence-events?vehicleId={vehicle}", 2)).Select(item => item.GetProperty("eventType").GetString()));

        async Task SendAsync(params object[] positions)
        {
            using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new { positions });
            sent.EnsureSuccessStatusCode();
        }

        object Fix(int second, double latitude) =>
            new { vehicleId = vehicle, fixTime = start.AddSeconds(second).UtcDateTime, latitude, longitude = 6.1, accuracyMeters = 5, speedKmh = 30 };
    }

    // The events follow the answer to the fixes.
    private async Task<List<JsonElement>> EventsAsync(string path, int count)
    {
        List<JsonElement> events = [];
        await using var changes = await TableSignal.OpenAsync(host.Database, "change_event");
        await changes.UntilAsync(
            async () => (events = [.. (await host.Administrator.ReadAsync(path)).GetProperty("items").EnumerateArray()]).Count >= count, Patience);
        return events;
    }
}
