using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Fleet;

[Collection(HostCollection.Name)]
public sealed class FleetApiTests(RunningHost host)
{
    [Fact]
    public async Task Fleet_AtAPastMoment_IsAsItWas()
    {
        var vehicle = await host.CreateVehicleAsync();
        var before = DateTimeOffset.UtcNow;
        await SendAsync(vehicle, before.AddMinutes(-30), 52.1);
        await SendAsync(vehicle, before.AddMinutes(-10), 52.2);
        using var drive = await host.Administrator.PostAsync($"/api/vehicles/{vehicle}/actions/drive", null);
        drive.EnsureSuccessStatusCode();

        var then = Assert.Single((await host.Administrator.ReadAsync($"/api/fleet?at={Iso(before.AddMinutes(-20))}")).GetProperty("items").EnumerateArray(),
            item => item.GetProperty("id").GetGuid() == vehicle);
        var now = Assert.Single((await host.Administrator.ReadAsync("/api/fleet")).GetProperty("items").EnumerateArray(),
            item => item.GetProperty("id").GetGuid() == vehicle);

        Assert.Equal(52.1, then.GetProperty("currentLocation").GetProperty("latitude").GetDouble());
        Assert.Equal(("offline", Iso(before.AddMinutes(-30))), (then.GetProperty("freshness").GetString(), then.GetProperty("lastLocationUpdate").GetString()));
        Assert.Equal("driving", now.GetProperty("operationalStatus").GetString());
    }

    [Fact]
    public async Task Fleet_OfAVehicleThatWasDeletedSince_HasItThenAndNotAfter()
    {
        var vehicle = await host.CreateVehicleAsync();
        var before = DateTimeOffset.UtcNow;
        await SendAsync(vehicle, before.AddMinutes(-30), 52.1);
        var entity = await host.Administrator.ReadAsync($"/api/vehicles/{vehicle}");
        using var deleted = await host.Administrator.DeleteAsync($"/api/vehicles/{vehicle}", $"{entity.GetProperty("version")}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        var then = Assert.Single(await ItemsAsync($"/api/fleet?at={Iso(before.AddMinutes(-20))}"), item => item.GetProperty("id").GetGuid() == vehicle);
        var track = Assert.Single(
            await ItemsAsync($"/api/fleet/track?from={Iso(before.AddMinutes(-31))}&to={Iso(before.AddMinutes(-20))}"),
            item => item.GetProperty("vehicleId").GetGuid() == vehicle);

        Assert.Equal(entity.GetProperty("licensePlate").GetString(), then.GetProperty("licensePlate").GetString());
        Assert.Equal(entity.GetProperty("vehicleType").GetString(), then.GetProperty("vehicleType").GetString());
        Assert.Equal(52.1, then.GetProperty("currentLocation").GetProperty("latitude").GetDouble());
        Assert.Equal(52.1, track.GetProperty("points")[0][1].GetDouble());
        Assert.DoesNotContain(await ItemsAsync($"/api/fleet?at={Iso(DateTimeOffset.UtcNow.AddSeconds(5))}"), item => item.GetProperty("id").GetGuid() == vehicle);
        Assert.DoesNotContain(await ItemsAsync("/api/fleet"), item => item.GetProperty("id").GetGuid() == vehicle);

        async Task<List<JsonElement>> ItemsAsync(string path) => [.. (await host.Administrator.ReadAsync(path)).GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task Fleet_OfNamedVehicles_HasThoseOnly()
    {
        var (one, other) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        await host.CreateVehicleAsync();
        await SendAsync(one, DateTimeOffset.UtcNow.AddSeconds(-5), 52.1);

        var answer = await host.Administrator.ReadAsync($"/api/fleet?vehicleIds={one},{other},{Guid.CreateVersion7()}");

        Assert.Equal(
            new[] { one, other }.Order(), answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).Order());
    }

    [Fact]
    public async Task Track_OfTheLastMinutes_HasThePoints()
    {
        var vehicle = await host.CreateVehicleAsync();
        var start = DateTimeOffset.UtcNow.AddMinutes(-12);
        await SendAsync(vehicle, start.AddMinutes(1), 52.1);
        await SendAsync(vehicle, start.AddMinutes(2), 52.11);

        var track = await host.Administrator.ReadAsync($"/api/fleet/track?from={Iso(start)}&to={Iso(start.AddMinutes(10))}&step=60&area=52,5,52.2,5.2");

        var mine = Assert.Single(track.GetProperty("items").EnumerateArray(), item => item.GetProperty("vehicleId").GetGuid() == vehicle);
        Assert.Equal(2, mine.GetProperty("points").GetArrayLength());
        Assert.Equal(52.11, mine.GetProperty("points")[1][1].GetDouble());
    }

    [Theory]
    [InlineData("/api/fleet?at=2016-01-01T00:00:00Z", "at")] // ten years ago
    [InlineData("/api/fleet?at=2999-01-01T00:00:00Z", "at")]
    [InlineData("/api/fleet?at=yesterday", "at")]
    [InlineData("/api/fleet?when=now", "when")]
    [InlineData("/api/fleet?vehicleIds=1,2", "vehicleIds")]
    [InlineData("/api/fleet?vehicleIds=", "vehicleIds")]
    [InlineData("/api/fleet?at={now-5}&vehicleIds=01a22957-ddbb-7671-a2da-80a2d2a1db2a", "vehicleIds")]
    [InlineData("/api/fleet/track", "from,to")]
    [InlineData("/api/fleet/track?from=2016-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from,to")]
    [InlineData("/api/fleet/track?from={now-1}&to={now-2}", "to")]
    [InlineData("/api/fleet/track?from={now-60}&to={now-1}", "to")]
    [InlineData("/api/fleet/track?from={now-5}&to={now-1}&step=0&area=1,2,3", "area,step")]
    [InlineData("/api/vehicles/nearest", "latitude,longitude")]
    [InlineData("/api/vehicles/nearest?latitude=91&longitude=x&limit=0", "latitude,limit,longitude")]
    [InlineData("/api/vehicles/nearest?latitude=52&longitude=NaN&limit=101", "limit,longitude")]
    [InlineData("/api/vehicles/nearest?latitude=52&latitude=53&longitude=5&near=me", "latitude,near")]
    public async Task Reads_WithBadParameters_NameThem(string path, string fields)
    {
        for (var minute = 60; minute > 0; minute--)
        {
            path = path.Replace($"{{now-{minute}}}", Iso(DateTimeOffset.UtcNow.AddMinutes(-minute)), StringComparison.Ordinal);
        }

        using var answer = await host.Administrator.GetAsync(path);

        Assert.Equal(fields, string.Join(',', await answer.FaultyFieldsAsync()));
    }

    [Fact]
    public async Task Nearest_SaysHowItEstimates()
    {
        var vehicle = await host.CreateVehicleAsync();
        await SendAsync(vehicle, DateTimeOffset.UtcNow.AddSeconds(-1), 51.2, 3.5);

        var (method, mine) = await NearestAsync(51.2, 3.5, vehicle, _ => true);

        Assert.Contains("30 km/h", method, StringComparison.Ordinal);
        Assert.Equal(mine.GetProperty("reasons").GetArrayLength() == 0, mine.GetProperty("canTakeJob").GetBoolean());
    }

    [Fact]
    public async Task Nearest_FollowsWhatVehiclesDoAndWhereTheyAre()
    {
        var vehicle = await host.CreateVehicleAsync();
        await SendAsync(vehicle, DateTimeOffset.UtcNow.AddSeconds(-5), 58.1, 8.1);
        await NearestAsync(58.1, 8.1, vehicle, item => DistanceOf(item) == 0 && item.GetProperty("canTakeJob").GetBoolean());

        await SendAsync(vehicle, DateTimeOffset.UtcNow.AddSeconds(-1), 58.101, 8.1);
        await NearestAsync(58.1, 8.1, vehicle, item => DistanceOf(item) == 111);

        var version = (await host.Administrator.ReadAsync($"/api/vehicles/{vehicle}")).GetProperty("version").ToString();
        using var patched = await host.Administrator.MergePatchAsync($"/api/vehicles/{vehicle}", version, """{"isAvailable": false}""");
        patched.EnsureSuccessStatusCode();
        var (_, busy) = await NearestAsync(58.1, 8.1, vehicle, item => !item.GetProperty("canTakeJob").GetBoolean());
        Assert.Equal("not_available", busy.GetProperty("reasons")[0].GetProperty("code").GetString());
    }

    // Null until its row has its first position.
    private static double? DistanceOf(JsonElement item) =>
        item.GetProperty("distanceMeters") is { ValueKind: JsonValueKind.Number } meters ? meters.GetDouble() : null;

    // The index follows the changes and positions: at once, but after the answer.
    private async Task<(string Method, JsonElement Item)> NearestAsync(double latitude, double longitude, Guid vehicle, Func<JsonElement, bool> sought)
    {
        (string Method, JsonElement Item)? found = null;
        await Patience.UntilAsync(
            async () =>
            {
                var answer = await host.Administrator.ReadAsync(FormattableString.Invariant($"/api/vehicles/nearest?latitude={latitude}&longitude={longitude}&limit=100"));
                foreach (var item in answer.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("vehicleId").GetGuid() == vehicle && sought(item)))
                {
                    found = (answer.GetProperty("method").GetString()!, item);
                }

                return found is not null;
            },
            $"{vehicle} is among the nearest, as it is sought");
        return found!.Value;
    }

    [Fact]
    public async Task OpenApi_NamesTheReadsAndTheGeofences()
    {
        var paths = (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("paths");

        Assert.All(
            new[] { "/api/fleet", "/api/fleet/track", "/api/vehicles/nearest", "/api/geofences", "/api/geofences/{id}", "/api/geofence-events", "/api/audit" },
            path => Assert.True(paths.TryGetProperty(path, out _), path));
    }

    [Theory]
    [InlineData("/api/fleet")]
    [InlineData("/api/fleet/track")]
    [InlineData("/api/vehicles/nearest")]
    public async Task Reads_OfWhereVehiclesAre_NeedBothPermissions(string path)
    {
        foreach (var (held, missing) in new[] { ("vehicles.read", "positions.read"), ("positions.read", "vehicles.read") })
        {
            using var half = await host.WithKeyAsync(held);
            Assert.Equal(missing, (await (await half.GetAsync(path)).ProblemAsync(HttpStatusCode.Forbidden)).GetProperty("permission").GetString());
        }
    }

    private async Task SendAsync(Guid vehicle, DateTimeOffset at, double latitude, double longitude = 5.1)
    {
        using var sent = await host.Administrator.PostAsJsonAsync(
            "/api/telemetry/positions", new { positions = new[] { new { vehicleId = vehicle, fixTime = Iso(at), latitude, longitude } } });
        sent.EnsureSuccessStatusCode();
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
