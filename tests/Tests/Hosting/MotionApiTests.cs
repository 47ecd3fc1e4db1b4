using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using ChargeCars.Tests.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class MotionApiTests(RunningHost host)
{
    [Fact]
    public async Task Round_SentToTheHost_IsReadBackAsTripsStopsAndTrack()
    {
        var id = await CreateAsync();
        var drive = new Drive(DateTimeOffset.UtcNow.AddMinutes(-60), 10).Stand(5).Go(4_000).Stand(8).Go(2_500).Stand(6);
        await SendAsync(id, drive.Fixes);

        var trips = await ItemsAsync($"/api/vehicles/{id}/trips");
        var first = await host.Administrator.GetFromJsonAsync<JsonElement>($"/api/vehicles/{id}/trips?limit=2");
        var second = await host.Administrator.GetFromJsonAsync<JsonElement>($"/api/vehicles/{id}/trips?limit=3&cursor={first.GetProperty("nextCursor").GetString()}");
        var gpx = XDocument.Parse(await host.Administrator.GetStringAsync($"/api/vehicles/{id}/track.gpx"));

        Assert.Equal(["stop", "trip", "stop", "trip", "stop"], trips.Select(trip => trip.GetProperty("kind").GetString()));
        Assert.InRange(trips[1].GetProperty("distanceMeters").GetDouble(), 3_500, 4_300);
        Assert.Equal(JsonValueKind.Null, trips[4].GetProperty("endedAt").ValueKind);
        Assert.Equal(trips.Skip(2).Select(trip => trip.ToString()), second.GetProperty("items").EnumerateArray().Select(trip => trip.ToString()));
        XNamespace ns = "http://www.topografix.com/GPX/1/1";
        Assert.Equal(drive.Fixes.Count, gpx.Descendants(ns + "trkpt").Count());
        Assert.Equal(
            ["vehicle.trip_started", "vehicle.trip_ended"],
            (await ChangesAsync(id)).Where(type => type.Contains("trip", StringComparison.Ordinal)).Take(2));
    }

    [Fact]
    public async Task Movement_OfAParkedVan_MovesItsStatusAndMileage()
    {
        var id = await CreateAsync();
        var drive = new Drive(DateTimeOffset.UtcNow.AddMinutes(-30), 10).Stand(3).Go(4_000);
        await SendAsync(id, drive.Fixes);
        await host.Administrator.GetStringAsync($"/api/vehicles/{id}/trips");
        await StatusAsync(id, "driving");
        var sent = drive.Fixes.Count;
        await SendAsync(id, [.. drive.Stand(5).Fixes.Skip(sent)]);
        await host.Administrator.GetStringAsync($"/api/vehicles/{id}/trips");
        var parked = await StatusAsync(id, "parked");

        Assert.InRange(parked.GetProperty("mileageKm").GetInt32(), 3, 4);
    }

    [Fact]
    public async Task Park_ByHandAtSpeed_LastsUntilTheMovementGoesOn()
    {
        var id = await CreateAsync();
        var drive = new Drive(DateTimeOffset.UtcNow.AddMinutes(-15), 10).Stand(3).Go(4_000, 95);
        await SendAsync(id, drive.Fixes);
        await StatusAsync(id, "driving");
        using var parked = await host.Administrator.PostAsJsonAsync($"/api/vehicles/{id}/actions/park", new { });
        Assert.Equal("parked", (await parked.JsonAsync(HttpStatusCode.OK)).GetProperty("operationalStatus").GetString());
        foreach (var fix in drive.Go(1_000, 95).Fixes.TakeLast(4))
        {
            await SendAsync(id, [fix]);
        }

        await StatusAsync(id, "driving");
    }

    [Fact]
    public async Task WorkingHours_OutsideThem_KeepNoPosition()
    {
        var id = await CreateAsync();
        var never = DateTimeOffset.UtcNow.AddDays(-3);
        var hours = new { windows = new[] { new { days = new[] { never.DayOfWeek.ToString().ToLowerInvariant() }, from = "00:00", to = "00:01" } } };
        using var set = await host.Administrator.PutAsync($"/api/vehicles/{id}/working-hours", "1", hours);
        set.EnsureSuccessStatusCode();
        var fixes = new Drive(DateTimeOffset.UtcNow.AddMinutes(-5), 60).Stand(3).Fixes;

        var off = await SendAsync(id, fixes);
        using var deleted = await host.Administrator.DeleteAsync($"/api/vehicles/{id}/working-hours", "2");
        using var gone = await host.Administrator.GetAsync($"/api/vehicles/{id}/working-hours");
        var on = await SendAsync(id, fixes);

        Assert.All(off.GetProperty("rejected").EnumerateArray(), one => Assert.Equal("off_hours", one.GetProperty("reason").GetString()));
        Assert.Equal((0, 3), (off.GetProperty("stored").GetInt32(), on.GetProperty("stored").GetInt32()));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task WorkingHours_OfTwoWhoChangeThem_AreTheFirstOnes()
    {
        var path = $"/api/vehicles/{await CreateAsync()}/working-hours";
        using var unread = await host.Administrator.PutAsync(path, null, Hours("06:00"));
        using var first = await host.Administrator.PutAsync(path, "1", Hours("07:00"));
        using var second = await host.Administrator.PutAsync(path, "1", Hours("08:00"));
        using var blind = await host.Administrator.DeleteAsync(path, null);
        using var late = await host.Administrator.DeleteAsync(path, "1");

        await unread.ProblemAsync(HttpStatusCode.PreconditionRequired);
        Assert.Equal("\"2\"", first.Headers.ETag!.Tag);
        await second.ProblemAsync(HttpStatusCode.PreconditionFailed);
        await blind.ProblemAsync(HttpStatusCode.PreconditionRequired);
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.StartsWith("07:00", (await host.Administrator.ReadAsync(path)).GetProperty("windows")[0].GetProperty("from").GetString(), StringComparison.Ordinal);

        static object Hours(string from) => new { windows = new[] { new { days = new[] { "monday" }, from, to = "18:00" } } };
    }

    [Theory]
    [InlineData("""{"windows":[]}""", "windows")]
    [InlineData("""{"windows":[{"days":["monday"],"from":"07:00"}]}""", "windows[0].to")]
    [InlineData("""{"windows":[{"days":["someday"],"from":"07:00","to":"08:00"}]}""", "windows[0].days[0]")]
    [InlineData("""{"windows":[],"zone":"UTC"}""", "zone")]
    public async Task WorkingHours_BadInput_NamesTheField(string body, string field)
    {
        var id = await CreateAsync();
        using var answer = await host.Administrator.PutAsync($"/api/vehicles/{id}/working-hours", "1", JsonDocument.Parse(body).RootElement);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Contains(field, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trips?from=2016-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", HttpStatusCode.OK)]
    [InlineData("positions?from=2016-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", HttpStatusCode.OK)]
    [InlineData("track.gpx?from=2016-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("trips?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("trips?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("trips?cursor=%00", HttpStatusCode.BadRequest)]
    public async Task Read_OfAnySpan_IsAnsweredAsStated(string query, HttpStatusCode status)
    {
        using var answer = await host.Administrator.GetAsync($"/api/vehicles/{await CreateAsync()}/{query}");

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Routes_AskForTheirOwnPermission()
    {
        var id = await CreateAsync();
        using var vehicles = await host.WithKeyAsync("vehicles.read");
        using var positions = await host.WithKeyAsync("positions.read");
        using var writer = await host.WithKeyAsync("vehicles.write", "vehicles.read");
        var hours = new { windows = new[] { new { days = new[] { "monday" }, from = "07:00", to = "18:00" } } };

        foreach (var path in new[] { "trips", "track.gpx" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(vehicles.GetAsync($"/api/vehicles/{id}/{path}")));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(positions.GetAsync($"/api/vehicles/{id}/{path}")));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(positions.GetAsync($"/api/vehicles/{id}/working-hours")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(vehicles.PutAsJsonAsync($"/api/vehicles/{id}/working-hours", hours)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(vehicles.DeleteAsync($"/api/vehicles/{id}/working-hours")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(vehicles.GetAsync($"/api/vehicles/{id}/working-hours")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(writer.PutAsync($"/api/vehicles/{id}/working-hours", "1", hours)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(vehicles.GetAsync($"/api/vehicles/{id}/working-hours")));
    }

    [Fact]
    public async Task Routes_OfAVehicleOutsideTheScope_AreNotFound()
    {
        var (own, foreign) = (await CreateAsync(), await CreateAsync());
        using var technician = await host.AsRoleAsync("technician", own);

        foreach (var path in new[] { "trips", "track.gpx", "working-hours" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(technician.GetAsync($"/api/vehicles/{foreign}/{path}")));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(technician.GetAsync($"/api/vehicles/{own}/trips")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(technician.GetAsync($"/api/vehicles/{own}/track.gpx")));
        using var hours = new StringContent("""{"windows":[{"days":["monday"],"from":"07:00","to":"18:00"}]}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(technician.PutAsync($"/api/vehicles/{own}/working-hours", hours)));
    }

    // What a movement means for the vehicle follows from it, and is carried out beside it.
    private async Task<JsonElement> StatusAsync(Guid id, string status)
    {
        var seen = default(JsonElement);
        await host.UntilAsync("vehicle", async () => (seen = await host.Administrator.ReadAsync($"/api/vehicles/{id}")).GetProperty("operationalStatus").GetString() == status);
        return seen;
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return answer.StatusCode;
    }

    private async Task<Guid> CreateAsync()
    {
        using var created = await host.Administrator.PostAsJsonAsync(
            "/api/vehicles", new { licensePlate = $"M-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van" });
        created.EnsureSuccessStatusCode();
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> SendAsync(Guid id, IReadOnlyList<PositionFix> fixes)
    {
        using var answer = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = fixes.Select(fix => new
            {
                vehicleId = id,
                fixTime = fix.FixTime.UtcDateTime,
                latitude = fix.Latitude,
                longitude = fix.Longitude,
                accuracyMeters = fix.AccuracyMeters,
                speedKmh = fix.SpeedKmh,
            }),
        });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement[]> ItemsAsync(string path) =>
        [.. (await host.Administrator.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray()];

    private async Task<List<string>> ChangesAsync(Guid id)
    {
        var types = new List<string>();
        await using var command = host.Database.DataSource.CreateCommand("SELECT type FROM change_event WHERE entity_id = $1 ORDER BY sequence");
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            types.Add(row.GetString(0));
        }

        return types;
    }
}
