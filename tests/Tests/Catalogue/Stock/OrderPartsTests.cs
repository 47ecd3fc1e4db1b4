using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Catalogue.Chargers;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>A number is one piece of a maker's: of two products of one brand only one can have it, in stock, out with a visit and on a wall.</summary>
    [Fact]
    public async Task Number_OfOneMaker_IsOneProducts()
    {
        var (shed, number, brand) = (await ShedAsync(), NewNumber(), $"Zaptec {Guid.NewGuid():n}");
        var (first, second, other) = (await ChargerAsync(brand), await ChargerAsync(brand.ToUpperInvariant()), await ChargerAsync($"Easee {number}"));
        await MoveAsync(new { productId = first, toPlaceId = shed, quantity = 1, serialNumber = number });
        await MoveAsync(new { productId = other, toPlaceId = shed, quantity = 1, serialNumber = number });
        await MoveAsync(new { productId = second, toPlaceId = shed, quantity = 1 });

        var stocked = await RefusedAsync(new { productId = second, toPlaceId = shed, quantity = 1, serialNumber = number });
        Assert.Equal("/problems/serial-in-stock", stocked.GetProperty("type").GetString());
        Assert.Contains($"{first}", stocked.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // Another maker's product can't become this maker's with the same number in stock.
        var version = (await Admin.ReadAsync($"/api/products/{other}")).GetProperty("version").GetInt64();
        var renamed = await (await Admin.MergePatchAsync($"/api/products/{other}", $"{version}", JsonSerializer.Serialize(new { brand }))).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("/problems/serial-in-stock", renamed.GetProperty("type").GetString());

        var visit = await VisitThereAsync(first);
        await MoveAsync(new { productId = first, fromPlaceId = shed, quantity = 1, serialNumber = number, visitId = visit });
        var charger = await HungAsync(number, first);
        foreach (var body in new object[]
        {
            new { productId = second, toPlaceId = shed, quantity = 1, serialNumber = number },
            // One that had no number yet gets this one while it leaves.
            new { productId = second, fromPlaceId = shed, quantity = 1, serialNumber = number, visitId = visit },
        })
        {
            Assert.Equal("/problems/serial-in-stock", (await RefusedAsync(body)).GetProperty("type").GetString());
        }

        // Its maker gets another name: the charger keeps its own, and is found by its product.
        version = (await Admin.ReadAsync($"/api/products/{first}")).GetProperty("version").GetInt64();
        await OkAsync(Admin.MergePatchAsync($"/api/products/{first}", $"{version}", JsonSerializer.Serialize(new { brand = $"{brand} BV" })));
        await MoveAsync(new { productId = first, toPlaceId = shed, quantity = 1, serialNumber = number, visitId = visit });
        await UntilAsync(async () => (await Admin.ReadAsync($"/api/installed-chargers/{charger}")).GetProperty("removedOn").ValueKind == JsonValueKind.String);
        Assert.Equal($"{brand} bv".ToLowerInvariant(), await host.ScalarAsync<string>($"SELECT maker FROM stock_serial WHERE product_id = '{first}'"));
        await AgreesAsync(first);
        await AgreesAsync(second);
    }

    /// <summary>Each product decides by itself, so that the database has the last word.</summary>
    [Fact]
    public async Task Number_ThatTwoProductsOfAMakerTakeInAtTheSameMoment_IsOneOfThem()
    {
        var (shed, brand) = (await ShedAsync(), $"Zaptec {Guid.NewGuid():n}");
        var products = new[] { await ChargerAsync(brand), await ChargerAsync(brand) };
        foreach (var number in Enumerable.Range(0, 10).Select(_ => NewNumber()))
        {
            var answers = await Task.WhenAll(products.Select(product =>
                Admin.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = number })));

            Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
            Assert.Equal("/problems/serial-in-stock", (await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).ProblemAsync(HttpStatusCode.Conflict)).GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task ChargerOnRecord_OfAnotherProduct_IsNotOverwrittenByAPieceWithItsNumber()
    {
        var (shed, number, brand) = (await ShedAsync(), NewNumber(), $"Zaptec {Guid.NewGuid():n}");
        var (stocked, typed) = (await ChargerAsync(brand), await ChargerAsync(brand));
        await MoveAsync(new { productId = stocked, toPlaceId = shed, quantity = 1, serialNumber = number });
        var record = new { brand, model = "typed by hand", serialNumber = number, productId = typed };
        var charger = (await (await Admin.PostAsJsonAsync("/api/installed-chargers", record)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var visit = await VisitThereAsync(stocked);

        var refused = await RefusedAsync(new { productId = stocked, fromPlaceId = shed, quantity = 1, serialNumber = number, visitId = visit });

        Assert.Equal("/problems/serial-installed", refused.GetProperty("type").GetString());
        // As if the record had been made after the movement was decided.
        var recorder = host.Services.GetRequiredService<IDueCommandHandler<RecordCharger>>();
        var late = await recorder.CarryOutAsync(
            Guid.NewGuid(), new(stocked, number, visit, DateTimeOffset.UtcNow, Hangs: true), new(Guid.NewGuid(), Actor.System), CancellationToken.None);
        Assert.Equal("serial_installed", Assert.IsType<Conflict>(late).Code);
        Assert.Equal(1, (await Admin.ReadAsync($"/api/installed-chargers/{charger}")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task PieceThatLeftByItsNumber_ComesBackByItsVisitOrOnceItsChargerWasTakenDown()
    {
        var (shed, number, product) = (await ShedAsync(), NewNumber(), await ChargerAsync());
        var visit = await VisitThereAsync(product);
        await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = number });
        await MoveAsync(new { productId = product, fromPlaceId = shed, quantity = 1, serialNumber = number, visitId = visit });
        var charger = await HungAsync(number, product);

        foreach (var (problem, body) in new (string, object)[]
        {
            ("/problems/never-left", new { productId = product, toPlaceId = shed, quantity = 1, visitId = visit }),
            ("/problems/serial-installed", new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = number }),
        })
        {
            Assert.Equal(problem, (await RefusedAsync(body)).GetProperty("type").GetString());
        }

        var known = await Admin.ReadAsync($"/api/installed-chargers/{charger}");
        await OkAsync(Admin.MergePatchAsync(
            $"/api/installed-chargers/{charger}", $"{known.GetProperty("version").GetInt64()}", JsonSerializer.Serialize(new { removedOn = known.GetProperty("installedOn").GetString() })));
        await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = number });
        await AgreesAsync(product);
    }

    private static string NewNumber() => $"ZAP-{Guid.NewGuid():n}".ToUpperInvariant();

    // A visit whose crew is there.
    private async Task<Guid> VisitThereAsync(Guid product)
    {
        var (order, _) = await OrderAsync(product, quantity: 1);
        var visit = (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "install" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await host.ExecuteAsync($"UPDATE visit SET status = 'on_site' WHERE id = '{visit}'");
        return visit;
    }

    private async Task<Guid> HungAsync(string number, Guid product)
    {
        JsonElement[] found = [];
        await UntilAsync(async () => (found = [.. (await Admin.ReadAsync($"/api/installed-chargers?serialNumber={number}&productId={product}")).GetProperty("items").EnumerateArray()]).Length == 1);
        return found[0].GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> RefusedAsync(object movement) => await (await Admin.PostAsJsonAsync("/api/stock/movements", movement)).ProblemAsync(HttpStatusCode.Conflict);

    private async Task AgreesAsync(Guid product)
    {
        var check = await (await Admin.PostAsync("/api/stock/checks", null)).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, (await Admin.ReadAsync($"/api/stock/differences?checkId={check.GetProperty("id").GetGuid()}&productId={product}")).GetProperty("items").GetArrayLength());
    }

    private async Task<Guid> ShedAsync() =>
        (await (await Admin.PostAsJsonAsync("/api/stock/places", new { name = $"Shed {Guid.NewGuid():n}", placeType = "warehouse" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private async Task<Guid> ChargerAsync(string brand = "Zaptec")
    {
        var body = await Sample.BodyAsync(host, "product");
        (body["brand"], body["warrantyMonths"]) = (brand, 60);
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
