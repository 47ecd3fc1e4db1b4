using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Orders;

/// <summary>The geofence that is made for a visit: it proposes the arrival, asks about a van that left, and goes with the visit.</summary>
[Collection(HostCollection.Name)]
public sealed class VisitFenceTests(RunningHost host)
{
    private static int _placed;

    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Van_ThatStandsAtTheAddress_IsProposedToHaveArrived_AndAskedAboutWhenItLeaves()
    {
        var (order, visit, van, place) = await UnderwayAsync();

        // It passes by, with an error that reaches beyond the fence, and then stands there.
        var start = DateTimeOffset.UtcNow.AddMinutes(-14);
        await DriveAsync(van, start, (place.Latitude + 0.008, place.Longitude, 8), (place.Latitude, place.Longitude, 160), (place.Latitude + 0.008, place.Longitude, 8));
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("arrivalProposedAt").ValueKind);
        await DriveAsync(van, start.AddMinutes(2), (place.Latitude, place.Longitude, 8), (place.Latitude, place.Longitude, 8), (place.Latitude, place.Longitude, 8));
        var proposed = await UntilAsync(visit, "arrivalProposedAt", isThere: true);
        Assert.Equal("en_route", proposed.GetProperty("status").GetString());
        await order.VisitActAsync(visit, "arrive");
        await order.VisitActAsync(visit, "start");

        await DriveAsync(van, start.AddMinutes(8), (place.Latitude + 0.001, place.Longitude, 8));
        await DriveAsync(van, start.AddMinutes(9), (place.Latitude + 0.008, place.Longitude, 8));
        var left = await UntilAsync(visit, "leftAt", isThere: true);
        var asked = (await Admin.ReadAsync($"/api/visits?hasLeft=true&vehicleId={van}")).GetProperty("items").EnumerateArray();

        Assert.Equal("in_progress", left.GetProperty("status").GetString());
        Assert.Equal(visit, Assert.Single(asked).GetProperty("id").GetGuid());
        var told = (await host.ScalarAsync<string[]>($"SELECT array_agg(type ORDER BY sequence) FROM change_event WHERE entity_id = '{visit}' AND type LIKE 'visit.%' AND type <> 'visit.status_changed'"))!;
        Assert.Equal(["visit.created", "visit.arrival_proposed", "visit.left_unfinished"], told);

        await order.VisitActAsync(visit, "complete", new { resolution = "Done.", signedBy = "Anna", signedPlace = "Vianen" });
        await order.UntilAsync($"geofences/{await FenceAsync(visit)}", "isActive", "False");
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM geofence_presence p JOIN geofence g ON g.id = p.geofence_id WHERE g.visit_id = '{visit}'"));
        var ended = await Admin.ReadAsync($"/api/visits/{visit}");
        Assert.Equal((JsonValueKind.Null, "Vianen"), (ended.GetProperty("leftAt").ValueKind, ended.GetProperty("signedPlace").GetString()));
    }

    [Fact]
    public async Task Arrival_ThatNobodyDenies_IsTakenWhenItsTimeHasCome()
    {
        var (order, visit, van, place) = await UnderwayAsync();
        await DriveAsync(van, DateTimeOffset.UtcNow.AddMinutes(-10), (place.Latitude, place.Longitude, 8), (place.Latitude, place.Longitude, 8), (place.Latitude, place.Longitude, 8));
        var proposed = (await UntilAsync(visit, "arrivalProposedAt", isThere: true)).GetProperty("arrivalProposedAt").GetDateTimeOffset();

        // Its time is three minutes from now; the test's is not.
        Assert.True(await host.ScalarAsync<bool>($"SELECT due_at > now() FROM due_command WHERE target_id = '{visit}' AND kind = 'visit.take-arrival' AND state = 'pending'"));
        await host.ExecuteAsync($"UPDATE due_command SET due_at = now() WHERE target_id = '{visit}' AND kind = 'visit.take-arrival'");
        var there = await order.UntilAsync($"visits/{visit}", "status", "on_site");

        Assert.Equal((proposed, JsonValueKind.Null), (there.GetProperty("arrivedAt").GetDateTimeOffset(), there.GetProperty("arrivalProposedAt").ValueKind));
        await order.UntilAsync($"vehicles/{van}", "operationalStatus", "on_site");
    }

    [Fact]
    public async Task Fence_OfAVisitThatIsCancelledBeforeAnybodyCame_IsDeleted()
    {
        var (order, visit, _, _) = await UnderwayAsync();
        var fence = await FenceAsync(visit);

        await order.VisitActAsync(visit, "cancel", new { reason = "the customer is ill" });

        await host.UntilAsync("geofence", async () => await host.ScalarAsync<long>($"SELECT count(*) FROM geofence WHERE id = '{fence}'") == 0);
    }

    /// <summary>Near its time the fence is there as soon as the van is known, and goes with the plan.</summary>
    [Fact]
    public async Task Fence_OfAVisitThatGetsItsVanNearItsTime_IsMade_AndGoesWhenItIsUnscheduled()
    {
        var order = await OrderRun.NewAsync(host);
        var address = order.Made.GetProperty("installationAddressId").GetGuid();
        var version = (await Admin.ReadAsync($"/api/addresses/{address}")).GetProperty("version").GetInt64();
        await (await Admin.MergePatchAsync($"/api/addresses/{address}", $"{version}", """{"coordinates":{"latitude":53.05,"longitude":7.1}}""")).JsonAsync();
        var (visit, van, team, start) = (await order.VisitAsync(), await host.CreateVehicleAsync(), await Platform.Entities.Sample.CreateAsync(host, "team"), WorkDay.At(0));
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), teamId = team });
        await host.UntilDueAsync($"origin_id = '{visit}' AND kind = 'visit.set-fence' AND state = 'done'", count => count == 1);
        var planned = await Admin.ReadAsync($"/api/visits/{visit}");

        await (await Admin.MergePatchAsync($"/api/visits/{visit}", $"{planned.GetProperty("version").GetInt64()}", JsonSerializer.Serialize(new { vehicleId = van }))).JsonAsync();
        var fence = await FenceAsync(visit);
        await order.VisitActAsync(visit, "unschedule");

        await host.UntilAsync("geofence", async () => await host.ScalarAsync<long>($"SELECT count(*) FROM geofence WHERE id = '{fence}'") == 0);
    }

    private async Task<Guid> FenceAsync(Guid visit)
    {
        var fence = default(JsonElement);
        await host.UntilAsync("geofence", async () =>
            (fence = (await Admin.ReadAsync($"/api/geofences?visitId={visit}")).GetProperty("items").EnumerateArray().FirstOrDefault()).ValueKind == JsonValueKind.Object);
        return fence.GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> UntilAsync(Guid visit, string field, bool isThere)
    {
        var seen = default(JsonElement);
        await host.UntilAsync("visit", async () => (seen = await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty(field).ValueKind != JsonValueKind.Null == isThere);
        return seen;
    }

    /// <summary>A visit that a van is on its way to, with its fence, at a place of its own: other tests' vans stay away.</summary>
    private async Task<(OrderRun Order, Guid Visit, Guid Van, (double Latitude, double Longitude) Place)> UnderwayAsync()
    {
        var place = (Latitude: 53.0 + (Interlocked.Increment(ref _placed) * 0.1), Longitude: 6.5);
        var order = await OrderRun.NewAsync(host);
        var address = order.Made.GetProperty("installationAddressId").GetGuid();
        var version = (await Admin.ReadAsync($"/api/addresses/{address}")).GetProperty("version").GetInt64();
        await (await Admin.MergePatchAsync($"/api/addresses/{address}", $"{version}", string.Create(CultureInfo.InvariantCulture, $$$"""{"coordinates":{"latitude":{{{place.Latitude:0.0}}},"longitude":6.5}}"""))).JsonAsync();
        await order.ActAsync("approve");
        var (visit, van) = (await order.VisitAsync(), await host.CreateVehicleAsync());
        var start = WorkDay.At(10);
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van });
        await order.VisitActAsync(visit, "depart", new { occurredAt = DateTimeOffset.UtcNow.AddMinutes(-15) });
        await FenceAsync(visit);
        // Every silo asks for changed fences once a second.
        await host.Services.GetRequiredService<ChargeCars.Fleet.Geofences.FenceCatalog>().RefreshAsync(CancellationToken.None);
        return (order, visit, van, place);
    }

    /// <summary>Positions of a van, 40 seconds apart.</summary>
    private async Task DriveAsync(Guid van, DateTimeOffset start, params (double Latitude, double Longitude, double Accuracy)[] places)
    {
        using var sent = await Admin.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = places.Select((place, i) => new { vehicleId = van, fixTime = start.AddSeconds(40 * i), latitude = place.Latitude, longitude = place.Longitude, accuracyMeters = place.Accuracy, speedKmh = 10 }),
        });
        Assert.Equal(0, (await sent.JsonAsync()).GetProperty("rejected").GetArrayLength());
    }
}
