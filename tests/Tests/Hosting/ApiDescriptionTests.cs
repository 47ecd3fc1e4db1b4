using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Api.Fleet.Telemetry;

namespace ChargeCars.Tests.Hosting;

/// <summary>The description says what the routes take, also those that read their bodies byte by byte.</summary>
[Collection(HostCollection.Name)]
public sealed class ApiDescriptionTests(RunningHost host)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("/api/telemetry/positions", "post", "application/json application/x-ndjson")]
    [InlineData("/api/telemetry/traccar", "post", "application/json")]
    [InlineData("/api/telemetry/osmand/{key}", "post", "application/json")]
    [InlineData("/api/telemetry/osmand/{key}", "get", "")]
    public async Task Telemetry_IsDescribed(string path, string method, string contentTypes)
    {
        var operation = (await PathsAsync()).GetProperty(path).GetProperty(method);

        var described = operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().Select(type => type.Name) : [];
        Assert.Equal(contentTypes, string.Join(' ', described));
        Assert.True(operation.GetProperty("responses").TryGetProperty("200", out _));
    }

    [Fact]
    public async Task Operations_HaveNamesOfTheirOwn_AndNoneIsTheDashboards()
    {
        (await host.Administrator.GetAsync("/dashboard/")).Dispose();
        var paths = (await PathsAsync()).EnumerateObject().ToList();

        var names = paths.SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.TryGetProperty("operationId", out var name) ? name.GetString() : null).OfType<string>().ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(paths, path => Assert.StartsWith("/api/", path.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schemas_OfTextAndTimes_SayTheirType()
    {
        var schemas = (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        var vehicle = schemas.GetProperty("VehicleDetails").GetProperty("properties");
        Assert.Equal("string", vehicle.GetProperty("licensePlate").GetProperty("type").GetString());
        Assert.Equal("""["null","string"]""", vehicle.GetProperty("vehicleName").GetProperty("type").GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("date", vehicle.GetProperty("insuranceExpiry").GetProperty("format").GetString());
        var user = schemas.GetProperty("UserView").GetProperty("properties").GetProperty("createdAt");
        Assert.Equal(("string", "date-time"), (user.GetProperty("type").GetString(), user.GetProperty("format").GetString()));
    }

    /// <summary>What the description shows is what is read, although it is not read by those types.</summary>
    [Fact]
    public async Task Bodies_AsDescribed_AreStored()
    {
        var device = $"D{Guid.NewGuid():N}";
        await host.CreateVehicleAsync(new { licensePlate = $"D-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van", deviceId = device });
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "described", permissions = new[] { "positions.write" } });
        var key = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("key").GetString();
        using var tracker = host.Anonymous();

        var positions = new PositionsBody([new(null, device, null, Now.AddMinutes(-3), 52.1, 5.1, 8, 50, 90, 2, 10, true)]);
        var traccar = new TraccarBody(new(Now.AddMinutes(-2), 52.1, 5.1, true, false, 27, 90, 8, 2, new(10, true)), new(device));
        var osmAnd = new OsmAndBody(device, new(Now.AddMinutes(-1).ToString("O"), new(52.1, 5.1, 13.9, 90, 8, 2)));
        using var first = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", positions);
        using var second = await host.Administrator.PostAsJsonAsync("/api/telemetry/traccar", traccar);
        using var third = await tracker.PostAsJsonAsync($"/api/telemetry/osmand/{key}", osmAnd);

        foreach (var answer in new[] { first, second, third })
        {
            var told = (await answer.JsonAsync()).Deserialize<PositionsAnswer>(JsonSerializerOptions.Web)!;
            Assert.Equal((1, 0), (told.Stored, told.Rejected.Count));
        }
    }

    private async Task<JsonElement> PathsAsync() => (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("paths");
}
