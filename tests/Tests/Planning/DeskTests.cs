using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Planning;

/// <summary>What the desk reads: each part as far as the caller sees the list that it stands in elsewhere.</summary>
[Collection(HostCollection.Name)]
public sealed class DeskTests(RunningHost host)
{
    private static readonly DateTimeOffset Start = new(2027, 4, 6, 8, 0, 0, TimeSpan.Zero);

    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Day_HasItsVisitsAndThoseWithoutATime_WithCustomerAndPlace()
    {
        var (order, van) = (await NewOrderAsync(), await host.CreateVehicleAsync());
        var (draft, planned, elsewhere) = (await NewVisitAsync(order.Id), await NewVisitAsync(order.Id), await NewVisitAsync(order.Id));
        await ScheduleAsync(planned, Start, van);
        await ScheduleAsync(elsewhere, Start.AddDays(1), van);
        var address = await Admin.ReadAsync($"/api/addresses/{order.Address}");
        var customer = await Admin.ReadAsync($"/api/organizations/{order.Customer}");

        var day = await Admin.ReadAsync("/api/desk?day=2027-04-06");
        var mine = day.GetProperty("visits").EnumerateArray().Where(card => card.GetProperty("orderId").GetGuid() == order.Id).ToList();

        Assert.Equal([draft, planned], mine.Select(card => card.GetProperty("id").GetGuid()));
        Assert.Equal("2027-04-05T22:00:00Z", day.GetProperty("from").GetString());
        Assert.Equal(customer.GetProperty("name").GetString(), mine[1].GetProperty("customerName").GetString());
        Assert.Equal(address.GetProperty("city").GetString(), mine[1].GetProperty("city").GetString());
        Assert.StartsWith(address.GetProperty("streetAddress").GetString()!, mine[1].GetProperty("street").GetString(), StringComparison.Ordinal);
        Assert.Equal(("scheduled", van), (mine[1].GetProperty("status").GetString(), mine[1].GetProperty("vehicleId").GetGuid()));
        Assert.Equal(
            [planned], (await Admin.ReadAsync($"/api/desk/visits?ids={planned},{Guid.NewGuid()}")).EnumerateArray().Select(card => card.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Parameters_ThatAreWrong_AreNamed()
    {
        Assert.Equal(["day"], await (await Admin.GetAsync("/api/desk?day=tomorrow")).FaultyFieldsAsync());
        Assert.Equal(["ids"], await (await Admin.GetAsync("/api/desk/visits?ids=1,2")).FaultyFieldsAsync());
        Assert.Equal(["ids"], await (await Admin.GetAsync("/api/desk/visits")).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Visits_OfAnotherName_AreNotSeen_AndNamesOnlyByWhoMaySeeCustomers()
    {
        var order = await NewOrderAsync();
        var visit = await NewVisitAsync(order.Id);
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = new[] { "visits.read", "relations.read" }, businessEntities = new[] { order.Entity == "zaptecshop" ? "chargecars" : "zaptecshop" } });
        using var nameless = await host.WithKeyAsync(new { name = "nameless", permissions = new[] { "visits.read" } });
        using var partner = await host.WithKeyAsync(new { name = "partner", permissions = new[] { "visits.read", "relations.read", "teams.read" }, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });
        using var outsider = await host.WithKeyAsync(new { name = "outsider", permissions = new[] { "orders.read" } });

        var seen = Assert.Single((await nameless.ReadAsync($"/api/desk/visits?ids={visit}")).EnumerateArray());
        var ofPartner = await partner.ReadAsync("/api/desk");

        Assert.Empty((await foreign.ReadAsync($"/api/desk/visits?ids={visit}")).EnumerateArray());
        Assert.Empty((await partner.ReadAsync($"/api/desk/visits?ids={visit}")).EnumerateArray());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null), (Kind("customerName"), Kind("street"), Kind("city")));
        Assert.Empty((await nameless.ReadAsync("/api/desk")).GetProperty("crews").EnumerateArray());
        Assert.Empty(ofPartner.GetProperty("crews").EnumerateArray());
        Assert.Empty(ofPartner.GetProperty("visits").EnumerateArray());
        await (await outsider.GetAsync("/api/desk")).ProblemAsync(HttpStatusCode.Forbidden);

        JsonValueKind Kind(string field) => seen.TryGetProperty(field, out var value) ? value.ValueKind : JsonValueKind.Null;
    }

    [Fact]
    public async Task Crews_AreTheTeamsOfTheDay_WithWhoIsInThemThen()
    {
        var (team, contact) = (await Sample.CreateAsync(host, "team"), await Sample.CreateAsync(host, "contact"));
        using var added = await Admin.PostAsJsonAsync(
            $"/api/teams/{team}/members", new { contactId = contact, role = "lead", skills = new[] { "three_phase" }, validFrom = "2027-04-01", validTo = "2027-04-06" });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());

        Assert.Equal([contact], await MembersAsync("2027-04-06"));
        Assert.Empty(await MembersAsync("2027-04-07"));

        async Task<List<Guid>> MembersAsync(string day) =>
            [.. Assert.Single((await Admin.ReadAsync($"/api/desk?day={day}")).GetProperty("crews").EnumerateArray(), crew => crew.GetProperty("teamId").GetGuid() == team)
                .GetProperty("members").EnumerateArray().Select(member => member.GetProperty("contactId").GetGuid())];
    }

    private async Task<(Guid Id, Guid Customer, Guid Address, string Entity)> NewOrderAsync()
    {
        var order = await (await Admin.PostAsJsonAsync("/api/orders", await Sample.BodyAsync(host, "order"))).JsonAsync(HttpStatusCode.Created);
        return (order.GetProperty("id").GetGuid(), order.GetProperty("customerOrganizationId").GetGuid(), order.GetProperty("installationAddressId").GetGuid(),
            order.GetProperty("businessEntity").GetString()!);
    }

    private async Task<Guid> NewVisitAsync(Guid order) =>
        (await (await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = 60 })).JsonAsync(HttpStatusCode.Created))
            .GetProperty("id").GetGuid();

    private async Task ScheduleAsync(Guid visit, DateTimeOffset start, Guid van)
    {
        using var answer = await Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
