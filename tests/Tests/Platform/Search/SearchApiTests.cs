using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Platform.Search;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Platform.Search;

/// <summary>What people type, and what they find.</summary>
[Collection(HostCollection.Name)]
public sealed class SearchApiTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Organization_ByWhatPeopleType_IsFound()
    {
        // Of its own: the sample's are those of a hundred others.
        var (kvk, vat) = ($"{Random.Shared.Next(10_000_000, 100_000_000)}", NewVat());
        var id = await MakeAsync("organization", body =>
        {
            (body["name"], body["phone"]) = ("Bakkerij Zwartkruis & Zonen B.V.", "020 123 4567");
            (body["kvkNumber"], body["vatNumber"]) = (kvk, vat);
            (body["website"], body["email"]) = ("https://zwartkruis.example", "winkel@zwartkruis.example");
        });

        foreach (var typed in new[]
        {
            "zwartkruis", "ZWARTKRUIS", "zwartkr", "zonen zwartkruis", "bakkerij zwartkruis bv", "bakkerijen zwartkruis", "Bakkerij Zwartkruis & Zonen B.V.",
            "zwratkruis", "zwarkruis", "bakkerij zwartkruijs", "winkel@zwartkruis.example", "winkel@zwart",
        })
        {
            Assert.True((await FindAsync(typed)).Contains(("organization", id)), typed);
        }

        foreach (var typed in new[] { "020 1234567", "+31201234567", "0031 20 123 45 67", "020-1234567", "201234567", kvk, $"{vat[..6]}.{vat[6..8]}.{vat[8..11]}.{vat[11..]}", $"nl {vat[2..11]} b{vat[12..]}" })
        {
            Assert.True((await FindAsync(typed, "&types=organization&limit=100")).Contains(("organization", id)), typed);
        }

        Assert.Contains(("organization", id), await FindAsync("bakkerij zonen zwartkr"));
        var first = (await Admin.ReadAsync($"/api/search?q={Uri.EscapeDataString("zwartkruis & z")}")).GetProperty("items")[0];
        Assert.Equal("Bakkerij Zwartkruis & Zonen B.V.", first.GetProperty("title").GetString());
        Assert.Equal("Bakkerij <mark>Zwartkruis</mark> &amp; <mark>Zonen</mark> B.V.".Replace("<mark>Zonen</mark>", "Zonen", StringComparison.Ordinal), first.GetProperty("highlight").GetString());
    }

    [Fact]
    public async Task Contact_ByWhatPeopleType_IsFound()
    {
        var id = await MakeAsync("contact", body =>
            (body["firstName"], body["lastName"], body["mobile"], body["email"]) = ("Søren", "van den Ouwehandberg", "+31 6 87 65 43 21", "s.ouwehandberg@example.nl"));

        foreach (var typed in new[]
        {
            "ouwehandberg", "soren ouwehandberg", "osren ouwehandbreg", "Søren van den Ouwehandberg", "ouwehandberg soren", "ouwehand", "owuehandberg", "s.ouwehandberg@example.nl",
            "0687654321", "06-87654321", "06 87 65 43 21", "+31 (0)6 87654321", "ouwehandberg 06 8765 4321",
        })
        {
            Assert.True((await FindAsync(typed)).Contains(("contact", id)), typed);
        }
    }

    /// <summary>People type on while they look: after the first name, the first letters of the second.</summary>
    [Fact]
    public async Task Contact_ByTheFirstLettersOfItsLastWord_IsFound()
    {
        var id = await MakeAsync("contact", body => (body["firstName"], body["lastName"]) = ("Janwillemtje", "van der Vriezelaar"));

        foreach (var typed in new[] { "janwillemtje vr", "janwillemtje van der vr", "Janwillemtje VR", "janwillemtje vri" })
        {
            Assert.True((await FindAsync(typed)).Contains(("contact", id)), typed);
        }

        Assert.DoesNotContain(("contact", id), await FindAsync("janwillemtje xq"));
        Assert.DoesNotContain(("contact", id), await FindAsync("jansje vr"));
    }

    [Fact]
    public async Task Address_Vehicle_Product_ByWhatPeopleType_AreFound()
    {
        var address = await MakeAsync("address", body =>
            (body["streetAddress"], body["streetNumber"], body["postalCode"], body["city"]) = ("Zandoogjespad", "44 a", "3402 XJ", "IJsselstein"));
        var product = await MakeAsync("product", body =>
            (body["name"], body["description"], body["sku"]) = ("Kwikzilver Go 2", "Slimme laadpaal met lastverdeling voor meerdere aansluitingen.", $"KWIK-{Guid.NewGuid().ToString("N")[..6]}"));
        var plate = $"V-{Random.Shared.Next(100, 999)}-ZX";
        var van = await host.CreateVehicleAsync(new { licensePlate = plate, vehicleType = "van", vehicleName = "Kwikstaartbus" });

        foreach (var (typed, type, id) in new[]
        {
            ("3402 xj", "address", address), ("3402XJ 44a", "address", address), ("zandoogjespad 44", "address", address), ("zandoogjespad ijselstein", "address", address),
            ("zandoogjesbad", "address", address), ("kwikzilver", "product", product), ("kwikzilver laadpalen", "product", product), ("kwikzilver aansluiting", "product", product),
            (plate, "vehicle", van), (plate.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant(), "vehicle", van), (plate.Replace('-', ' '), "vehicle", van), ("kwikstaart", "vehicle", van),
        })
        {
            Assert.True((await FindAsync(typed, $"&types={type}&limit=100")).Contains((type, id)), typed);
        }
    }

    [Fact]
    public async Task OrderAndVisit_ByTheirNumbers_AreFound()
    {
        var body = await Sample.BodyAsync(host, "order");
        var order = await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created);
        var (id, number) = (order.GetProperty("id").GetGuid(), order.GetProperty("orderNumber").GetString()!);
        var visit = await (await Admin.PostAsJsonAsync($"/api/orders/{id}/visits", new { visitType = "service", estimatedMinutes = 60 })).JsonAsync(HttpStatusCode.Created);

        foreach (var typed in new[] { number, number.ToLowerInvariant(), number.Replace('-', ' '), number.Replace("-", "", StringComparison.Ordinal), number[^5..], number[..^1] })
        {
            Assert.True((await FindAsync(typed, "&types=order&limit=100")).Contains(("order", id)), typed);
        }

        Assert.Equal((("order", id)), (await FindAsync(number))[0]);
        Assert.Contains(("visit", visit.GetProperty("id").GetGuid()), await FindAsync(visit.GetProperty("number").GetString()!));
    }

    [Fact]
    public async Task Row_ThatIsRenamedOrDeleted_IsFoundByWhatItIsNow()
    {
        var id = await MakeAsync("organization", body => body["name"] = "Oudenaamster Techniek");

        using var renamed = await Admin.MergePatchAsync($"/api/organizations/{id}", "1", """{"name":"Nieuwenaamster Techniek"}""");
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.DoesNotContain(("organization", id), await FindAsync("oudenaamster"));
        Assert.Contains(("organization", id), await FindAsync("nieuwenaamster"));

        using var deleted = await Admin.DeleteAsync($"/api/organizations/{id}", "2");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await FindAsync("nieuwenaamster"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM search_entry WHERE entity_id = '{id}'"));
    }

    [Fact]
    public async Task Command_ThatChangesNothingOfWhatIsFoundBy_WritesNoEntry()
    {
        var id = await MakeAsync("organization", body => body["name"] = "Onveranderlijk Bedrijf");

        using var patched = await Admin.MergePatchAsync($"/api/organizations/{id}", "1", """{"organizationType":"supplier"}""");

        Assert.Equal(2, (await patched.JsonAsync()).GetProperty("version").GetInt64());
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT version FROM search_entry WHERE entity_id = '{id}'"));
    }

    [Fact]
    public async Task Rows_ThatWereThereBefore_AreFilledInOnce()
    {
        var (id, gone) = (Guid.CreateVersion7(), await MakeAsync("contact", body => body["lastName"] = "Voorheengekend"));
        await host.ExecuteAsync($"""
            INSERT INTO organization (id, name, version) VALUES ('{id}', 'Eerdaanwezig Installatiebureau', 7);
            UPDATE contact SET last_name = 'Achterhaald' WHERE id = '{gone}';
            DELETE FROM search_filling
            """);
        Assert.Empty(await FindAsync("eerdaanwezig"));
        var filling = new SearchFilling(host.Services.GetRequiredService<NpgsqlDataSource>(), host.Services.GetServices<FindableKind>(), NullLogger<SearchFilling>.Instance);

        Assert.True(await filling.RunAsync(CancellationToken.None) > 0);

        Assert.Contains(("organization", id), await FindAsync("eerdaanwezig"));
        Assert.Contains(("organization", id), await FindAsync("eerdaanwezgi"));
        Assert.Contains(("contact", gone), await FindAsync("achterhaald"));
        Assert.Equal(0, await filling.RunAsync(CancellationToken.None));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM search_filling WHERE done_at IS NULL"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=x")]
    [InlineData("?q=%25")]
    [InlineData("?q=%27%22")]
    [InlineData("?q=%00abc")]
    [InlineData("?q=ab%07c")]
    [InlineData("?q=%ED%A0%80abc%FF")]
    [InlineData("?q=abc&limit=0")]
    [InlineData("?q=abc&limit=101")]
    [InlineData("?q=abc&types=")]
    [InlineData("?q=abc&types=user_account")]
    [InlineData("?q=abc&types=order,none")]
    [InlineData("?q=abc&q=def")]
    [InlineData("?query=abc")]
    public async Task Question_ThatCannotBeAnswered_IsRefusedByName(string query)
    {
        using var answer = await Admin.GetAsync($"/api/search{query}");

        if (query.Contains("%ED", StringComparison.Ordinal))
        {
            // What is no UTF-8 is read as the sign for it, and finds nothing.
            Assert.Empty((await answer.JsonAsync()).GetProperty("items").EnumerateArray());
            return;
        }

        Assert.NotEmpty(await answer.FaultyFieldsAsync());
    }

    [Fact]
    public async Task TenThousandCharacters_AreRefused()
    {
        using var many = await Admin.GetAsync($"/api/search?q={new string('a', 10_000)}");
        using var more = await Admin.GetAsync($"/api/search?q={Uri.EscapeDataString(new string('é', 10_000))}");
        using var stranger = host.Anonymous();
        using var most = await stranger.GetAsync($"/api/search?q={new string('a', 200_000)}");

        Assert.Equal(["q"], await many.FaultyFieldsAsync());
        foreach (var refused in new[] { more, most })
        {
            Assert.Equal("/problems/address-too-long", (await refused.ProblemAsync(HttpStatusCode.RequestUriTooLong)).GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task Charger_Thread_ByWhatPeopleType_AreFound()
    {
        var number = $"ZAP{Random.Shared.Next(100_000, 1_000_000)}X{Random.Shared.Next(100, 1_000)}";
        var charger = await MakeAsync("installed_charger", body => (body["brand"], body["model"], body["serialNumber"]) = ("Kwikstroom", "Muurbeest 22", number));
        var mail = $"{NewWord()}@voorbeeld.example";
        var thread = await MakeAsync("communication_thread", body => (body["subject"], body["customerAddress"]) = ("Stoorzenderij in de kruipruimte", mail));
        var sms = await MakeAsync("communication_thread", body =>
        {
            (body["channel"], body["customerAddress"]) = ("sms", "06 55 44 33 22");
            body.Remove("subject");
        });

        foreach (var (typed, type, id) in new[]
        {
            (number, "installed_charger", charger), (number.ToLowerInvariant(), "installed_charger", charger), ($"{number[..3]} {number[3..9]}-{number[9..]}", "installed_charger", charger),
            (number[..8], "installed_charger", charger), ("kwikstroom", "installed_charger", charger), ("kwikstroom muurb", "installed_charger", charger),
            ("stoorzenderij", "communication_thread", thread), ("stoorzednerij", "communication_thread", thread), (mail, "communication_thread", thread),
            (mail[..8], "communication_thread", thread), ("0655443322", "communication_thread", sms), ("+31655443322", "communication_thread", sms),
        })
        {
            Assert.True((await FindAsync(typed, $"&types={type}&limit=100")).Contains((type, id)), typed);
        }
    }

    [Fact]
    public async Task OrderAndVisit_ByTheirCustomersNameAndAddress_AreFound()
    {
        var (company, surname, street) = (NewWord(), NewWord(), NewWord());
        var customer = await MakeAsync("organization", body => body["name"] = $"{company} Bouw");
        var person = await MakeAsync("contact", body => (body["firstName"], body["lastName"], body["organizationId"]) = ("Truus", surname, customer));
        var address = await MakeAsync("address", body =>
            (body["streetAddress"], body["streetNumber"], body["entityType"], body["entityId"]) = ($"{street}straat", "7", "organization", customer));
        var body = await Sample.BodyAsync(host, "order");
        (body["customerOrganizationId"], body["primaryContactId"], body["installationAddressId"]) = (customer, person, address);
        var order = (await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var visit = (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = 60 })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        foreach (var typed in new[] { company, $"{company} bouw", surname, $"truus {surname}", $"{street}straat 7", street[..8], surname[..5] + surname[6] + surname[5] + surname[7..] })
        {
            var found = await FindAsync(typed);
            Assert.True(found.Contains(("order", order)) && found.Contains(("visit", visit)), typed);
            Assert.Equal([("order", order)], await FindAsync(typed, "&types=order"));
            Assert.Equal([("visit", visit)], await FindAsync(typed, "&types=visit"));
        }

        var item = (await Admin.ReadAsync($"/api/search?q={company}&types=visit")).GetProperty("items")[0];
        Assert.Equal($"{company} Bouw", item.GetProperty("subtitle").GetString());
        // A new name is the orders' at once.
        var renamed = NewWord();
        using var patched = await Admin.MergePatchAsync($"/api/organizations/{customer}", "1", $$"""{"name":"{{renamed}}"}""");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal([("order", order)], await FindAsync(renamed, "&types=order"));
        Assert.Empty(await FindAsync(company, "&types=order"));
    }

    /// <summary>Who may not see customers can't find out by an order's that it is one of theirs.</summary>
    [Fact]
    public async Task Order_ByACustomerWhomTheCallerDoesNotSee_IsNotFound()
    {
        var company = NewWord();
        var body = await Sample.BodyAsync(host, "order");
        using var named = await Admin.MergePatchAsync($"/api/organizations/{body["customerOrganizationId"]!.GetValue<Guid>()}", "1", $$"""{"name":"{{company}}"}""");
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        var order = (await (await Admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var orders = await host.WithKeyAsync("orders.read");
        using var both = await host.WithKeyAsync("orders.read", "relations.read");
        using var visits = await host.WithKeyAsync("visits.read", "relations.read");

        Assert.Empty((await orders.ReadAsync($"/api/search?q={company}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await visits.ReadAsync($"/api/search?q={company}&types=visit")).GetProperty("items").EnumerateArray());
        Assert.Equal(order, (await both.ReadAsync($"/api/search?q={company}&types=order")).GetProperty("items")[0].GetProperty("id").GetGuid());
    }

    /// <summary>A person's name does not outlive the person's last row.</summary>
    [Fact]
    public async Task Word_ThatNothingIsFoundByAnyMore_IsForgotten()
    {
        var (name, kept) = (NewWord(), NewWord());
        var (first, second) = (await MakeAsync("contact", body => body["lastName"] = name), await MakeAsync("contact", body => body["lastName"] = $"{name} {kept}"));
        var retention = new WordRetention(host.Services.GetRequiredService<NpgsqlDataSource>());

        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/contacts/{first}", "1")).StatusCode);
        await retention.DeleteExpiredAsync(CancellationToken.None);
        Assert.True(await KnownAsync(name));

        using var renamed = await Admin.MergePatchAsync($"/api/contacts/{second}", "1", $$"""{"lastName":"{{kept}}"}""");
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        await retention.DeleteExpiredAsync(CancellationToken.None);
        Assert.False(await KnownAsync(name));
        Assert.True(await KnownAsync(kept));

        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/contacts/{second}", "2")).StatusCode);
        await retention.DeleteExpiredAsync(CancellationToken.None);
        Assert.False(await KnownAsync(kept));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM search_word_gone WHERE word IN ('{name.ToLowerInvariant()}', '{kept.ToLowerInvariant()}')"));
    }

    [Fact]
    public async Task Word_ThatSomebodyTakesUpWhileItIsForgotten_IsThere()
    {
        var retention = new WordRetention(host.Services.GetRequiredService<NpgsqlDataSource>());
        for (var round = 0; round < 10; round++)
        {
            var name = NewWord();
            var first = await MakeAsync("contact", body => body["lastName"] = name);
            await Task.WhenAll(
                Admin.DeleteAsync($"/api/contacts/{first}", "1"), MakeAsync("contact", body => body["lastName"] = name),
                retention.DeleteExpiredAsync(CancellationToken.None), retention.DeleteExpiredAsync(CancellationToken.None));
            await retention.DeleteExpiredAsync(CancellationToken.None);

            Assert.True(await KnownAsync(name));
        }
    }

    private Task<bool> KnownAsync(string word) => host.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM search_word WHERE word = '{word.ToLowerInvariant()}')");

    // Of letters, as typing errors are looked for in words without digits.
    private static string NewWord() => string.Concat(Enumerable.Range(0, 12).Select(n => (char)((n == 0 ? 'A' : 'a') + Random.Shared.Next(26))));

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("abc'); DROP TABLE search_entry; --")]
    [InlineData("a:* & b | !c <-> d")]
    [InlineData("%%% ___ abc")]
    [InlineData("\\'abc\\")]
    [InlineData("abc\tdef\r\nghi")]
    [InlineData("'abc':*ABCD")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("ＡＢＣ ﷺ 🚐🚐 عمر")]
    [InlineData("1e5 -3.14 0x1F 10.0.0.1 2026-11-30")]
    public async Task Signs_OfSqlAndOfTsquery_AreWordsLikeOthers(string typed)
    {
        using var answer = await Admin.GetAsync($"/api/search?q={Uri.EscapeDataString(typed)}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Name_WithSignsOfHtml_IsHighlightedSafely()
    {
        await MakeAsync("organization", body => body["name"] = "Scriptzaak <img src=x onerror=alert(1)> \"&\"");

        var item = (await Admin.ReadAsync("/api/search?q=scriptzaak")).GetProperty("items")[0];

        Assert.Equal("<mark>Scriptzaak</mark> &lt;img src=x onerror=alert(1)&gt; &quot;&amp;&quot;", item.GetProperty("highlight").GetString());
    }

    [Fact]
    public async Task Caller_WithoutThePermissionOfAKind_FindsNothingOfIt()
    {
        var id = await MakeAsync("organization", body => body["name"] = "Geheimzinnig Gezelschap");
        using var key = await host.WithKeyAsync("catalogue.read");

        Assert.Contains(("organization", id), await FindAsync("geheimzinnig"));
        Assert.Empty((await key.ReadAsync("/api/search?q=geheimzinnig")).GetProperty("items").EnumerateArray());
        Assert.Empty((await key.ReadAsync("/api/search?q=geheimzinnig&types=organization")).GetProperty("items").EnumerateArray());
        Assert.Empty((await key.ReadAsync("/api/search?q=geheimzinigg")).GetProperty("items").EnumerateArray());
    }

    private static string NewVat()
    {
        while (true)
        {
            var vat = $"NL{Random.Shared.Next(100_000_000, 1_000_000_000)}B{Random.Shared.Next(1, 100):D2}";
            if (ChargeCars.Relations.Organizations.VatNumber.Fault(vat) is null)
            {
                return vat;
            }
        }
    }

    private async Task<Guid> MakeAsync(string table, Action<System.Text.Json.Nodes.JsonObject> change)
    {
        var body = await Sample.BodyAsync(host, table);
        change(body);
        using var made = await Admin.PostAsJsonAsync(Sample.Of(host, table).Route, body);
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<List<(string Type, Guid Id)>> FindAsync(string typed, string more = "") =>
        [.. (await Admin.ReadAsync($"/api/search?q={Uri.EscapeDataString(typed)}{more}")).GetProperty("items").EnumerateArray()
            .Select(item => (item.GetProperty("type").GetString()!, item.GetProperty("id").GetGuid()))];
}
