using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>Stock over HTTP: in, kept, moved, used and back, bad input, and who sees what.</summary>
[Collection(HostCollection.Name)]
public sealed class StockApiTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    /// <summary>What ends releases what was kept for it once; what is kept afterwards nobody would release.</summary>
    [Theory]
    [InlineData("order")]
    [InlineData("visit")]
    public async Task Reservation_ForWhatIsOver_IsRefused_AndOneMadeInTimeIsAnsweredAgain(string type)
    {
        var (product, shed, (order, visit)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VisitAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 5 });
        var (owner, key) = (type == "order" ? order : visit, $"{Guid.NewGuid()}");
        var id = (await (await KeepAsync(key)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var cancelled = await Admin.PostAsJsonAsync($"/api/{type}s/{owner}/actions/cancel", new { reason = "no longer" });
        await cancelled.JsonAsync();

        var refused = await (await KeepAsync($"{Guid.NewGuid()}")).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("/problems/owner-over", refused.GetProperty("type").GetString());
        Assert.Equal(id, (await (await KeepAsync(key)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());

        Task<HttpResponseMessage> KeepAsync(string idempotency) => Admin.SendAsync(new(HttpMethod.Post, "/api/stock/reservations")
        {
            Content = JsonContent.Create(new { productId = product, placeId = shed, quantity = 2, ownerType = type, ownerId = owner }), Headers = { { "Idempotency-Key", idempotency } },
        });
    }

    [Fact]
    public async Task Goods_ComeInAreKeptMovedUsedAndGivenBack()
    {
        var (product, shed, van, (order, visit)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VanAsync(), await VisitAsync());

        // A draft uses nothing: the same answer as the visit's own route gives.
        await MovedAsync(new { productId = product, toPlaceId = van, quantity = 1 });
        Assert.Equal("/problems/visit-not-there", await TypeAsync(MoveAsync(new { productId = product, fromPlaceId = van, quantity = 1, visitId = visit })));
        await MovedAsync(new { productId = product, fromPlaceId = van, quantity = 1 });
        await host.ExecuteAsync($"UPDATE visit SET status = 'on_site' WHERE id = '{visit}'");
        var came = await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 10, reason = "delivery 4711" });
        Assert.Equal((10, "delivery 4711"), (came.GetProperty("quantity").GetInt32(), came.GetProperty("reason").GetString()));
        var (id, version) = await ReservedAsync(new { productId = product, placeId = shed, quantity = 4, ownerType = "order", ownerId = order });
        Assert.Equal((10, 4, 6), await LevelAsync(product, shed));

        await MovedAsync(new { productId = product, fromPlaceId = shed, toPlaceId = van, quantity = 4, reservationId = id });
        Assert.Equal(((6, 0, 6), (4, 4, 0)), (await LevelAsync(product, shed), await LevelAsync(product, van)));
        await MovedAsync(new { productId = product, fromPlaceId = van, quantity = 3, visitId = visit });
        Assert.Equal((1, 1, 0), await LevelAsync(product, van));
        await MovedAsync(new { productId = product, toPlaceId = van, quantity = 1, visitId = visit });
        var left = await (await MoveAsync(new { productId = product, toPlaceId = van, quantity = 3, visitId = visit })).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(("/problems/never-left", 2), (left.GetProperty("type").GetString(), left.GetProperty("left").GetInt32()));

        // Let go by the version that was read; whoever comes later changes nothing.
        await (await Admin.DeleteAsync($"/api/stock/reservations/{id}")).ProblemAsync(HttpStatusCode.PreconditionRequired);
        await (await Admin.DeleteAsync($"/api/stock/reservations/{id}", version)).ProblemAsync(HttpStatusCode.PreconditionFailed);
        var now = await Admin.ReadAsync($"/api/stock/reservations/{id}");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/stock/reservations/{id}", $"{now.GetProperty("version").GetInt64()}")).StatusCode);
        }

        Assert.Equal((2, 0, 2), await LevelAsync(product, van));
        Assert.Equal("released", (await Admin.ReadAsync($"/api/stock/reservations/{id}")).GetProperty("state").GetString());
        Assert.Equal(6, (await Admin.ReadAsync($"/api/stock/movements?productId={product}")).GetProperty("items").GetArrayLength());
    }

    /// <summary>The order was cancelled after it had been read for the reservation, and released what was kept by then.</summary>
    [Fact]
    public async Task Reservation_ThatRacesTheEndOfItsOrder_IsLetGo()
    {
        var (product, shed, (order, _)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VisitAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 2 });
        using var cancelled = await Admin.PostAsJsonAsync($"/api/orders/{order}/actions/cancel", new { reason = "no longer" });
        await cancelled.JsonAsync();
        var late = new ReserveStock(Guid.NewGuid()) { PlaceId = shed, Quantity = 2, OwnerType = ReservationOwner.Order, OwnerId = order, OrderId = order };

        var kept = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStockGrain>(product).ExecuteAsync(late, new(Guid.NewGuid(), Actor.System));

        Assert.Equal(ReservationState.Held, kept.Value!.Reservation!.State);
        await host.UntilAsync("stock_reservation", async () => (await Admin.ReadAsync($"/api/stock/reservations/{late.ReservationId}")).GetProperty("state").GetString() == "released");
        Assert.Equal((2, 0, 2), await LevelAsync(product, shed));
    }

    [Fact]
    public async Task Reservation_ForAVisit_EndsWithTheVisit()
    {
        var (product, shed, (_, visit)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VisitAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 2 });
        var (kept, _) = await ReservedAsync(new { productId = product, placeId = shed, quantity = 2, ownerType = "visit", ownerId = visit });

        using var cancelled = await Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/cancel", new { reason = "no longer" });
        await cancelled.JsonAsync();

        await host.UntilAsync("stock_reservation", async () => (await Admin.ReadAsync($"/api/stock/reservations/{kept}")).GetProperty("state").GetString() == "released");
        Assert.Equal((2, 0, 2), await LevelAsync(product, shed));
    }

    [Fact]
    public async Task Reservation_WhoseTimeIsOver_EndsByItself()
    {
        var (product, shed, (order, _)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VisitAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 1 });
        var (id, _) = await ReservedAsync(new { productId = product, placeId = shed, quantity = 1, ownerType = "order", ownerId = order, expiresAt = DateTimeOffset.UtcNow.AddSeconds(1) });

        await host.UntilAsync("stock_reservation", async () => (await Admin.ReadAsync($"/api/stock/reservations/{id}")).GetProperty("state").GetString() == "expired");

        Assert.Equal((1, 0, 1), await LevelAsync(product, shed));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{id}' AND type = 'stock.expired'"));
    }

    [Fact]
    public async Task BadInput_HasAClearAnswerAndChangesNothing()
    {
        var (product, shed, van, (order, visit)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VanAsync(), await VisitAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = "sn-0001" });

        Assert.Contains("quantity", string.Join(' ', await RawAsync("movements", $$"""{"productId":"{{product}}","toPlaceId":"{{shed}}","quantity":0.5}""")), StringComparison.Ordinal);
        Assert.Equal(["quantity"], await (await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 0 })).FaultyFieldsAsync());
        Assert.Equal(["quantity"], await (await MoveAsync(new { productId = product, toPlaceId = shed, quantity = -3 })).FaultyFieldsAsync());
        Assert.Equal(["quantity"], await (await MoveAsync(new { productId = product, toPlaceId = shed, quantity = 2, serialNumber = "X" })).FaultyFieldsAsync());
        Assert.Equal(["toPlaceId"], await (await MoveAsync(new { productId = product, quantity = 1 })).FaultyFieldsAsync());
        Assert.Equal(["toPlaceId"], await (await MoveAsync(new { productId = product, fromPlaceId = shed, toPlaceId = shed, quantity = 1 })).FaultyFieldsAsync());
        Assert.Equal(["fromPlaceId", "productId", "visitId"], await (await MoveAsync(new { productId = Guid.NewGuid(), fromPlaceId = Guid.NewGuid(), quantity = 1, visitId = Guid.NewGuid() })).FaultyFieldsAsync());
        Assert.Equal(["productId"], await (await MoveAsync(new { quantity = 1 })).FaultyFieldsAsync());
        Assert.Equal("/problems/serial-in-stock", await TypeAsync(MoveAsync(new { productId = product, toPlaceId = van, quantity = 1, serialNumber = "SN-0001 " })));
        Assert.Equal("/problems/never-left", await TypeAsync(MoveAsync(new { productId = product, toPlaceId = shed, quantity = 1, visitId = visit })));
        Assert.Equal("/problems/insufficient-stock", await TypeAsync(MoveAsync(new { productId = product, fromPlaceId = van, quantity = 1 })));
        Assert.Equal(["expiresAt"], await (await ReserveAsync(new { productId = product, placeId = shed, quantity = 1, ownerType = "order", ownerId = order, expiresAt = "2020-01-01T00:00:00Z" })).FaultyFieldsAsync());
        Assert.Equal(["ownerId"], await (await ReserveAsync(new { productId = product, placeId = shed, quantity = 1, ownerType = "line_item", ownerId = order })).FaultyFieldsAsync());
        var none = await (await ReserveAsync(new { productId = product, placeId = shed, quantity = 2, ownerType = "visit", ownerId = visit })).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(("/problems/insufficient-stock", 1), (none.GetProperty("type").GetString(), none.GetProperty("available").GetInt32()));
        await (await Admin.DeleteAsync($"/api/stock/reservations/{Guid.NewGuid()}", "1")).ProblemAsync(HttpStatusCode.NotFound);
        var work = await Sample.BodyAsync(host, "product");
        work["productType"] = "installation_service";
        var service = (await (await Admin.PostAsJsonAsync("/api/products", work)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        Assert.Equal(["productId"], await (await MoveAsync(new { productId = service, toPlaceId = shed, quantity = 1 })).FaultyFieldsAsync());

        Assert.Equal((1, 0, 1), await LevelAsync(product, shed));
        Assert.Equal(1, (await Admin.ReadAsync($"/api/stock/movements?productId={product}")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Movement_SentAgainWithItsKey_IsOneMovement()
    {
        var (product, shed) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync());
        async Task<JsonElement> SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/stock/movements")
            {
                Content = JsonContent.Create(new { productId = product, toPlaceId = shed, quantity = 2 }), Headers = { { "Idempotency-Key", $"k-{product}" } },
            };
            using var answer = await Admin.SendAsync(request);
            return await answer.JsonAsync(HttpStatusCode.Created);
        }

        var (first, again) = (await SendAsync(), await SendAsync());
        // As after a crash between commit and answer: the key's answer was never kept.
        await host.ExecuteAsync("DELETE FROM idempotency_key");
        var third = await SendAsync();

        Assert.Equal([first.GetProperty("id").GetGuid()], new[] { again, third }.Select(one => one.GetProperty("id").GetGuid()).Distinct());
        Assert.Equal((2, 0, 2), await LevelAsync(product, shed));
    }

    [Fact]
    public async Task Refill_OfAVan_ListsWhatIsBelowItsMinimumAndWhatWarehousesCanGive()
    {
        var (product, plenty, shed, van) = (await Sample.CreateAsync(host, "product"), await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VanAsync());
        await MovedAsync(new { productId = product, toPlaceId = shed, quantity = 30 });
        await MovedAsync(new { productId = product, fromPlaceId = shed, toPlaceId = van, quantity = 2 });
        await MovedAsync(new { productId = plenty, toPlaceId = van, quantity = 9 });
        await (await Admin.PutAsync($"/api/stock/places/{van}/minimums/{product}", "1", new { minimum = 4, refillTo = 10 })).JsonAsync();
        Assert.Equal(["refillTo"], await (await Admin.PutAsync($"/api/stock/places/{van}/minimums/{plenty}", "2", new { minimum = 4, refillTo = 1 })).FaultyFieldsAsync());
        await (await Admin.PutAsync($"/api/stock/places/{van}/minimums/{plenty}", "2", new { minimum = 4 })).JsonAsync();

        var item = Assert.Single((await Admin.ReadAsync($"/api/stock/places/{van}/refill")).GetProperty("items").EnumerateArray());

        Assert.Equal(
            (product, 2, 4, 8, 28L),
            (item.GetProperty("productId").GetGuid(), item.GetProperty("available").GetInt32(), item.GetProperty("minimum").GetInt32(), item.GetProperty("needed").GetInt32(),
                item.GetProperty("inWarehouses").GetInt64()));
    }

    [Fact]
    public async Task Scope_OfEachWhoSeesAPart_HoldsForListsSinglesWritesAndReferences()
    {
        var (product, shed, (order, _)) = (await Sample.CreateAsync(host, "product"), await WarehouseAsync(), await VisitAsync());
        var (own, foreign) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        var (ownVan, foreignVan, ratios) = (await VanAsync(own), await VanAsync(foreign), await WarehouseAsync("ratioshop"));
        foreach (var place in new[] { shed, ownVan, foreignVan, ratios })
        {
            await MovedAsync(new { productId = product, toPlaceId = place, quantity = 5 });
        }

        var (kept, version) = await ReservedAsync(new { productId = product, placeId = shed, quantity = 1, ownerType = "order", ownerId = order });
        string[] all = ["stock.read", "stock.write", "stock.manage", "orders.read", "catalogue.read", "visits.read"];
        using var partner = await host.WithKeyAsync(new { name = "partner", permissions = all, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });
        using var phone = await host.WithKeyAsync(new { name = "phone", permissions = all, vehicleIds = new[] { own } });
        using var zaptec = await host.WithKeyAsync(new { name = "zaptec", permissions = all, businessEntities = new[] { "zaptecshop" } });
        using var reader = await host.WithKeyAsync("stock.read");

        Assert.Empty(await PlacesAsync(partner, product));
        Assert.Equal(new[] { shed, ownVan, ratios }.Order(), await PlacesAsync(phone, product));
        Assert.Equal(new[] { shed, ownVan, foreignVan }.Order(), await PlacesAsync(zaptec, product));
        Assert.Equal(4, (await PlacesAsync(reader, product)).Length);
        foreach (var (client, hidden) in new[] { (partner, shed), (phone, foreignVan), (zaptec, ratios) })
        {
            await (await client.GetAsync($"/api/stock/places/{hidden}")).ProblemAsync(HttpStatusCode.NotFound);
            await (await client.GetAsync($"/api/stock/places/{hidden}/refill")).ProblemAsync(HttpStatusCode.NotFound);
            Assert.Contains("toPlaceId", await (await client.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = hidden, quantity = 1 })).FaultyFieldsAsync());
            await (await client.GetAsync($"/api/stock/reservations/{kept}")).ProblemAsync(HttpStatusCode.NotFound);
            await (await client.DeleteAsync($"/api/stock/reservations/{kept}", version)).ProblemAsync(HttpStatusCode.NotFound);
            Assert.Equal(0, (await client.ReadAsync($"/api/stock/reservations?productId={product}")).GetProperty("items").GetArrayLength());
            Assert.Equal(0, (await client.ReadAsync("/api/stock/checks")).GetProperty("items").GetArrayLength());
            await (await client.PostAsync("/api/stock/checks", null)).ProblemAsync(HttpStatusCode.Forbidden);
        }

        // A technician moves what comes out of the own van or goes into it, and sees those movements.
        await (await phone.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = shed, quantity = 1 })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await phone.PostAsJsonAsync("/api/stock/movements", new { productId = product, fromPlaceId = shed, toPlaceId = ownVan, quantity = 1 })).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(2, (await phone.ReadAsync($"/api/stock/movements?productId={product}")).GetProperty("items").GetArrayLength());
        await (await reader.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = shed, quantity = 1 })).ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static async Task<Guid[]> PlacesAsync(HttpClient client, Guid product) =>
    [
        .. (await client.ReadAsync($"/api/stock?productId={product}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("placeId").GetGuid()).Order(),
    ];

    private async Task<Guid> WarehouseAsync(string? entity = null) =>
        (await (await Admin.PostAsJsonAsync("/api/stock/places", new { name = $"Shed {Guid.NewGuid():n}", placeType = "warehouse", businessEntity = entity })).JsonAsync(HttpStatusCode.Created))
        .GetProperty("id").GetGuid();

    private async Task<Guid> VanAsync(Guid? vehicle = null)
    {
        var van = vehicle ?? await host.CreateVehicleAsync();
        var body = new { name = $"Van {van:n}", placeType = "vehicle", vehicleId = van };
        var place = await (await Admin.PostAsJsonAsync("/api/stock/places", body)).JsonAsync(HttpStatusCode.Created);
        await (await Admin.PostAsJsonAsync("/api/stock/places", body)).ProblemAsync(HttpStatusCode.Conflict);
        return place.GetProperty("id").GetGuid();
    }

    private async Task<(Guid Order, Guid Visit)> VisitAsync()
    {
        var order = await Sample.CreateAsync(host, "order");
        var visit = await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "install" })).JsonAsync(HttpStatusCode.Created);
        return (order, visit.GetProperty("id").GetGuid());
    }

    private async Task<(int, int, int)> LevelAsync(Guid product, Guid place)
    {
        var item = Assert.Single((await Admin.ReadAsync($"/api/stock?productId={product}&placeId={place}")).GetProperty("items").EnumerateArray());
        return (item.GetProperty("onHand").GetInt32(), item.GetProperty("reserved").GetInt32(), item.GetProperty("available").GetInt32());
    }

    private Task<HttpResponseMessage> MoveAsync(object body) => Admin.PostAsJsonAsync("/api/stock/movements", body);

    private async Task<JsonElement> MovedAsync(object body) => await (await MoveAsync(body)).JsonAsync(HttpStatusCode.Created);

    private Task<HttpResponseMessage> ReserveAsync(object body) => Admin.PostAsJsonAsync("/api/stock/reservations", body);

    private async Task<(Guid Id, string Version)> ReservedAsync(object body)
    {
        using var answer = await ReserveAsync(body);
        var reservation = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal("held", reservation.GetProperty("state").GetString());
        return (reservation.GetProperty("id").GetGuid(), answer.Headers.ETag!.Tag.Trim('"'));
    }

    private async Task<string[]> RawAsync(string what, string json)
    {
        using var answer = await Admin.PostAsync($"/api/stock/{what}", new StringContent(json, Encoding.UTF8, "application/json"));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
        return [problem.ToString()];
    }

    private static async Task<string?> TypeAsync(Task<HttpResponseMessage> asked) => (await (await asked).ProblemAsync(HttpStatusCode.Conflict)).GetProperty("type").GetString();
}
