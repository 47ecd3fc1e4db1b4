using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Catalogue.Chargers;

/// <summary>Installed chargers: one row a number of a brand, and everything at one address in one read.</summary>
[Collection(HostCollection.Name)]
public sealed class InstalledChargerTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Number_OfABrand_IsOneChargersHoweverItIsTyped()
    {
        var body = await Sample.BodyAsync(host, "installed_charger");
        var made = await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).JsonAsync(HttpStatusCode.Created);
        body["brand"] = "ZAPTEC";
        body["serialNumber"] = $" {made.GetProperty("serialNumber").GetString()!.ToLowerInvariant()} ";

        var twice = await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).ProblemAsync(HttpStatusCode.Conflict);
        body["brand"] = "Easee";
        await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).JsonAsync(HttpStatusCode.Created);

        Assert.Equal("/problems/serial-taken", twice.GetProperty("type").GetString());
        Assert.Equal(2, (await Admin.ReadAsync($"/api/installed-chargers?serialNumber={made.GetProperty("serialNumber").GetString()!.ToLowerInvariant()}")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Brand_ThatIsNotItsProducts_IsRefusedWhenEitherOfTheTwoIsChanged()
    {
        var product = await Sample.BodyAsync(host, "product");
        product["brand"] = "Zaptec";
        var made = await (await Admin.PostAsJsonAsync("/api/products", product)).JsonAsync(HttpStatusCode.Created);
        var body = await Sample.BodyAsync(host, "installed_charger");
        (body["brand"], body["productId"]) = ("Easee", made.GetProperty("id").GetGuid());

        Assert.Equal(["brand"], await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).FaultyFieldsAsync());
        body["brand"] = "ZAPTEC";
        var charger = $"/api/installed-chargers/{(await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()}";
        Assert.Equal(["brand"], await (await Admin.MergePatchAsync(charger, "1", """{"brand":"Easee"}""")).FaultyFieldsAsync());

        // The product's brand is changed: the charger's plate still says the old one, and its record can be kept up.
        await (await Admin.MergePatchAsync($"/api/products/{made.GetProperty("id").GetGuid()}", "1", """{"brand":"Zaptec AS"}""")).JsonAsync();
        await (await Admin.MergePatchAsync(charger, "1", """{"notes":"behind the shed"}""")).JsonAsync();
        Assert.Equal(["brand"], await (await Admin.MergePatchAsync(charger, "2", """{"brand":"Easee"}""")).FaultyFieldsAsync());
    }

    /// <summary>A charger that all names serve belongs to one name's customer: who does not see that customer does not see it.</summary>
    [Fact]
    public async Task ChargerOfAllNames_AtACustomerOfOne_IsHiddenFromTheOthers()
    {
        using var zaptec = await host.WithKeyAsync(new { name = "zaptec", permissions = new[] { "chargers.read", "relations.read" }, businessEntities = new[] { "zaptecshop" } });
        foreach (var (entity, isSeen) in new[] { ("ratioshop", false), ("zaptecshop", true) })
        {
            var customer = await Sample.BodyAsync(host, "organization");
            customer["businessEntity"] = entity;
            var owner = (await (await Admin.PostAsJsonAsync("/api/organizations", customer)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            var body = await Sample.BodyAsync(host, "address");
            body["entityId"] = owner;
            var address = (await (await Admin.PostAsJsonAsync("/api/addresses", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            foreach (var charger in new object[]
            {
                new { brand = "Zaptec", serialNumber = $"{Guid.NewGuid():n}", addressId = address }, new { brand = "Zaptec", serialNumber = $"{Guid.NewGuid():n}", ownerOrganizationId = owner },
            })
            {
                var made = (await (await Admin.PostAsJsonAsync("/api/installed-chargers", charger)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
                Assert.Equal(isSeen ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await zaptec.GetAsync($"/api/installed-chargers/{made}")).StatusCode);
                Assert.Equal("null", await host.ScalarAsync<string>($"SELECT coalesce(data ->> 'addressId', 'null') FROM change_event WHERE entity_id = '{made}'"));
            }

            Assert.Equal(isSeen ? 1 : 0, (await zaptec.ReadAsync($"/api/installed-chargers?addressId={address}")).GetProperty("items").GetArrayLength());
            Assert.Equal(isSeen ? 1 : 0, (await zaptec.ReadAsync($"/api/installed-chargers?ownerOrganizationId={owner}")).GetProperty("items").GetArrayLength());
        }
    }

    [Fact]
    public async Task Faults_AreNamedByTheirFields()
    {
        async Task<string[]> OfAsync(object body) => await (await Admin.PostAsJsonAsync("/api/installed-chargers", body)).FaultyFieldsAsync();

        Assert.Equal(["brand", "serialNumber"], await OfAsync(new { }));
        Assert.Equal(["warrantyUntil"], await OfAsync(new { brand = "A", serialNumber = "1", warrantyUntil = "2030-01-01" }));
        Assert.Equal(["removedOn", "warrantyUntil"], await OfAsync(new { brand = "A", serialNumber = "1", installedOn = "2025-01-02", warrantyUntil = "2025-01-01", removedOn = "2025-01-01" }));
        Assert.Equal(["installedOn", "removedOn"], await OfAsync(new { brand = "A", serialNumber = "1", installedOn = "2099-01-01", removedOn = "2099-01-02" }));
        Assert.Equal(["addressId"], await OfAsync(new { brand = "A", serialNumber = "1", addressId = Guid.NewGuid() }));
    }

    [Fact]
    public async Task Address_AskedForOnce_TellsOfAllItsChargersAndVisitsAndHidesThemFromStrangers()
    {
        var body = await Sample.BodyAsync(host, "order");
        var order = (await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var visit = (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "install" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var address = body["installationAddressId"]!.GetValue<Guid>();
        var number = $"{Guid.NewGuid():n}";
        async Task<Guid> HangAsync(object charger) => (await (await Admin.PostAsJsonAsync("/api/installed-chargers", charger)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var fresh = await HangAsync(new { brand = "Zaptec", serialNumber = $"N{number}", addressId = address, installedOn = "2025-11-01", warrantyUntil = "2030-11-01", installedByVisitId = visit });
        // Not sold by us, and replaced by what is.
        var old = await HangAsync(new { brand = "Other", serialNumber = $"O{number}", addressId = address, isSoldByUs = false, replacedById = fresh, removedOn = "2025-11-01" });
        using var stranger = await host.WithKeyAsync(new
        {
            name = "partner", permissions = new[] { "chargers.read", "relations.read", "visits.read" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization"),
        });

        var there = await Admin.ReadAsync($"/api/installed-chargers/at/{address}");

        var chargers = there.GetProperty("chargers").EnumerateArray().Select(one => one.GetProperty("id").GetGuid()).ToList();
        Assert.Equal([fresh, old], chargers.Where(id => id == fresh || id == old));
        Assert.Contains(visit, there.GetProperty("visits").EnumerateArray().Select(one => one.GetProperty("id").GetGuid()));
        await (await stranger.GetAsync($"/api/installed-chargers/at/{address}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/api/installed-chargers/{fresh}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, (await stranger.ReadAsync("/api/installed-chargers")).GetProperty("items").GetArrayLength());
    }
}
