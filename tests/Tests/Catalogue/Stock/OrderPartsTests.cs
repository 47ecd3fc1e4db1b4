using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>Parts of an order from its approval to the wall, over HTTP: kept, let go, used, and on record as a charger.</summary>
[Collection(HostCollection.Name)]
public sealed class OrderPartsTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Order_ThatIsApprovedChangedAndCancelled_KeepsItsPartsAndLetsThemGoOnce()
    {
        var (shed, product) = (await ShedAsync(), await ChargerAsync());
        await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 3 });
        var (order, line) = await OrderAsync(product, quantity: 2);
        Assert.Equal(0, await ReservedAsync(product));

        await OkAsync(Admin.PostAsync($"/api/orders/{order}/actions/approve", null));
        await UntilAsync(async () => await ReservedAsync(product) == 2);
        var version = (await Admin.ReadAsync($"/api/orders/{order}")).GetProperty("version").GetInt64();
        await OkAsync(Admin.MergePatchAsync($"/api/orders/{order}/line-items/{line}", $"{version}", """{"quantity":5}"""));
        await UntilAsync(async () => await ReservedAsync(product) == 3);
        var need = Assert.Single((await Admin.ReadAsync($"/api/stock/reservations?orderId={order}")).GetProperty("items").EnumerateArray());
        Assert.Equal((5, "line_item", line), (need.GetProperty("wanted").GetInt32(), need.GetProperty("ownerType").GetString(), need.GetProperty("ownerId").GetGuid()));

        // What comes in goes to who waits for it.
        await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 10 });
        Assert.Equal(5, await ReservedAsync(product));
        await OkAsync(Admin.PostAsJsonAsync($"/api/orders/{order}/actions/hold", new { reason = "the customer is away" }));
        await OkAsync(Admin.PostAsJsonAsync($"/api/orders/{order}/actions/cancel", new { reason = "of a test" }));
        await UntilAsync(async () => await ReservedAsync(product) == 0);

        Assert.Equal(13, (await Admin.ReadAsync($"/api/products/{product}")).GetProperty("stockQuantity").GetInt32());
        await AgreesAsync(product);
    }

    [Fact]
    public async Task ChargerUsedOnAVisit_ComesOffTheVanAndIsOnRecordWithItsWarranty()
    {
        var (shed, product, van) = (await ShedAsync(), await ChargerAsync(), await host.CreateVehicleAsync());
        var place = (await (await Admin.PostAsJsonAsync("/api/stock/places", new { name = "Van", placeType = "vehicle", vehicleId = van })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (number, (order, _)) = ($"ZAP-{Guid.NewGuid():n}".ToUpperInvariant(), await OrderAsync(product, quantity: 1));
        await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = number });
        await OkAsync(Admin.PostAsync($"/api/orders/{order}/actions/approve", null));
        await UntilAsync(async () => await ReservedAsync(product) == 1);
        var kept = (await Admin.ReadAsync($"/api/stock/reservations?orderId={order}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        await MoveAsync(new { productId = product, fromPlaceId = shed, toPlaceId = place, quantity = 1, serialNumber = number, reservationId = kept });

        var visit = (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "install" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var part = new { productId = product, quantity = 1, serialNumber = number };
        var early = await (await Admin.PostAsJsonAsync($"/api/visits/{visit}/parts", part)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("/problems/visit-not-there", early.GetProperty("type").GetString());
        await OkAsync(Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/schedule", new { scheduledStart = "2027-06-07T07:00:00Z", scheduledEnd = "2027-06-07T09:00:00Z", vehicleId = van }));
        foreach (var action in new[] { "confirm", "depart", "arrive", "start" })
        {
            await OkAsync(Admin.PostAsync($"/api/visits/{visit}/actions/{action}", null));
        }

        await (await Admin.PostAsJsonAsync($"/api/visits/{visit}/parts", part)).JsonAsync(HttpStatusCode.Created);
        var twice = await (await Admin.PostAsJsonAsync($"/api/visits/{visit}/parts", part)).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("/problems/serial-elsewhere", twice.GetProperty("type").GetString());
        JsonElement[] found = [];
        await UntilAsync(async () => (found = [.. (await Admin.ReadAsync($"/api/installed-chargers?serialNumber={number}")).GetProperty("items").EnumerateArray()]).Length == 1);
        var charger = found[0];
        var day = DateOnly.Parse(charger.GetProperty("installedOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            (visit, "Zaptec", day.AddMonths(60)),
            (charger.GetProperty("installedByVisitId").GetGuid(), charger.GetProperty("brand").GetString(),
                DateOnly.Parse(charger.GetProperty("warrantyUntil").GetString()!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((await Admin.ReadAsync($"/api/orders/{order}")).GetProperty("installationAddressId").GetGuid(), charger.GetProperty("addressId").GetGuid());
        Assert.Equal("used", (await Admin.ReadAsync($"/api/stock/reservations/{kept}")).GetProperty("state").GetString());
        Assert.Single((await Admin.ReadAsync($"/api/visits/{visit}/parts")).GetProperty("items").EnumerateArray());

        // It comes back, and may hang elsewhere later: its record follows.
        await MoveAsync(new { productId = product, toPlaceId = place, quantity = 1, serialNumber = number, visitId = visit });
        await UntilAsync(async () => (await Admin.ReadAsync($"/api/installed-chargers/{charger.GetProperty("id").GetGuid()}")).GetProperty("removedOn").ValueKind == JsonValueKind.String);
        await AgreesAsync(product);
    }

    private async Task AgreesAsync(Guid product)
    {
        var check = await (await Admin.PostAsync("/api/stock/checks", null)).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, (await Admin.ReadAsync($"/api/stock/differences?checkId={check.GetProperty("id").GetGuid()}&productId={product}")).GetProperty("items").GetArrayLength());
    }

    private async Task<Guid> ShedAsync() =>
        (await (await Admin.PostAsJsonAsync("/api/stock/places", new { name = $"Shed {Guid.NewGuid():n}", placeType = "warehouse" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private async Task<Guid> ChargerAsync()
    {
        var body = await Sample.BodyAsync(host, "product");
        (body["brand"], body["warrantyMonths"]) = ("Zaptec", 60);
        return (await (await Admin.PostAsJsonAsync("/api/products", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    // A service needs no quote, so it is approved at once.
    private async Task<(Guid Order, Guid Line)> OrderAsync(Guid product, int quantity)
    {
        var body = await Sample.BodyAsync(host, "order");
        body["orderType"] = "service";
        body["lineItems"] = JsonSerializer.SerializeToNode(new[] { new { productId = product, quantity } });
        var order = await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created);
        return (order.GetProperty("id").GetGuid(), order.GetProperty("lineItems")[0].GetProperty("id").GetGuid());
    }

    private async Task<int> ReservedAsync(Guid product) =>
        (await Admin.ReadAsync($"/api/stock?productId={product}")).GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("reserved").GetInt32());

    private Task MoveAsync(object body) => OkAsync(Admin.PostAsJsonAsync("/api/stock/movements", body));

    private static async Task OkAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
    }

    // All of it follows from commands, and each tells when it is done.
    private Task UntilAsync(Func<Task<bool>> condition) => host.UntilAsync("due_command", condition);
}
