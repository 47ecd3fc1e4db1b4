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

    /// <summary>Each visit, its order and its team at each moment of its life: as the desk would have shown it then.</summary>
    [Fact]
    public async Task Past_HasWhatStoodThen_AndNothingOfWhatCameAfter()
    {
        var before = Now();
        var (order, first, second) = (await NewOrderAsync(), await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        var team = await Sample.CreateAsync(host, "team");
        var oldName = (await Admin.ReadAsync($"/api/teams/{team}")).GetProperty("name").GetString();
        var visit = await NewVisitAsync(order.Id);
        var drafted = Now();
        var priority = (await CardAsync(visit, drafted))!.Value.GetProperty("priorityLevel").GetString();
        await PatchAsync($"/api/orders/{order.Id}", new { priorityLevel = priority == "urgent" ? "low" : "urgent" });
        await ScheduleAsync(visit, Start.AddHours(2), first);
        var planned = Now();
        await ScheduleAsync(visit, Start.AddDays(3), second, "reschedule");
        await PatchAsync($"/api/teams/{team}", new { name = $"Renamed {Guid.NewGuid()}" });
        var later = await NewVisitAsync(order.Id);
        await ActAsync($"visits/{visit}", "cancel", new { reason = "no longer" });

        Assert.Null(await CardAsync(visit, before));
        var draft = (await CardAsync(visit, drafted))!.Value;
        Assert.Equal(("draft", priority, 1), (draft.GetProperty("status").GetString(), draft.GetProperty("priorityLevel").GetString(), draft.GetProperty("version").GetInt32()));
        Assert.Equal(JsonValueKind.Null, draft.GetProperty("scheduledStart").ValueKind);
        var then = (await CardAsync(visit, planned))!.Value;
        Assert.NotEqual(priority, then.GetProperty("priorityLevel").GetString());
        Assert.Equal(("scheduled", 2, 0, first), (
            then.GetProperty("status").GetString(), then.GetProperty("version").GetInt32(), then.GetProperty("rescheduleCount").GetInt32(), then.GetProperty("vehicleId").GetGuid()));
        Assert.Equal(Start.AddHours(2), then.GetProperty("scheduledStart").GetDateTimeOffset());
        Assert.Equal("cancelled", (await CardAsync(visit, Now()))!.Value.GetProperty("status").GetString());
        Assert.Null(await CardAsync(later, planned));

        // On the day for which it was planned then, and not on the one to which it was moved.
        Assert.Contains(visit, await VisitsAsync("2027-04-06", planned));
        Assert.DoesNotContain(visit, await VisitsAsync("2027-04-09", planned));
        Assert.Contains(visit, await VisitsAsync("2027-04-09", drafted));
        Assert.DoesNotContain(visit, await VisitsAsync("2027-04-06", null));
        Assert.Equal(oldName, await TeamAsync(team, planned));
        Assert.NotEqual(oldName, await TeamAsync(team, null));
        Assert.Null(await TeamAsync(team, before));
    }

    /// <summary>Whoever was given a visit sees its past, and whoever lost it does not.</summary>
    [Fact]
    public async Task Past_IsSeenByWhoSeesTheVisitNow()
    {
        var (order, own, other) = (await NewOrderAsync(), await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        var (gained, lost) = (await NewVisitAsync(order.Id), await NewVisitAsync(order.Id));
        await ScheduleAsync(gained, Start.AddHours(4), other);
        await ScheduleAsync(lost, Start.AddHours(4), own);
        var then = Now();
        await ScheduleAsync(lost, Start.AddHours(6), other, "reschedule");
        await ScheduleAsync(gained, Start.AddHours(6), own, "reschedule");
        var seeing = new[] { "visits.read", "relations.read", "teams.read" };
        using var driver = await host.WithKeyAsync(new { name = "driver", permissions = seeing, vehicleIds = new[] { own } });
        using var foreign = await host.WithKeyAsync(new { name = "foreign", permissions = seeing, businessEntities = new[] { order.Entity == "zaptecshop" ? "chargecars" : "zaptecshop" } });
        using var partner = await host.WithKeyAsync(new { name = "partner", permissions = seeing, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });
        using var nameless = await host.WithKeyAsync(new { name = "nameless", permissions = new[] { "visits.read" } });
        using var outsider = await host.WithKeyAsync(new { name = "outsider", permissions = new[] { "orders.read" } });

        var seen = Assert.Single((await driver.ReadAsync($"/api/desk/visits?ids={gained},{lost}&at={At(then)}")).EnumerateArray());
        Assert.Equal((gained, other), (seen.GetProperty("id").GetGuid(), seen.GetProperty("vehicleId").GetGuid()));
        Assert.Empty((await foreign.ReadAsync($"/api/desk/visits?ids={gained},{lost}&at={At(then)}")).EnumerateArray());
        var ofPartner = await partner.ReadAsync($"/api/desk?day=2027-04-06&at={At(then)}");
        Assert.Equal((0, 0), (ofPartner.GetProperty("visits").GetArrayLength(), ofPartner.GetProperty("crews").GetArrayLength()));
        var masked = await nameless.ReadAsync($"/api/desk?day=2027-04-06&at={At(then)}");
        Assert.Equal(0, masked.GetProperty("crews").GetArrayLength());
        Assert.All(masked.GetProperty("visits").EnumerateArray(), card => Assert.Equal(JsonValueKind.Null, card.GetProperty("customerName").ValueKind));
        await (await outsider.GetAsync($"/api/desk?at={At(then)}")).ProblemAsync(HttpStatusCode.Forbidden);
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

    private Task ScheduleAsync(Guid visit, DateTimeOffset start, Guid van, string action = "schedule") =>
        ActAsync($"visits/{visit}", action, new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = van });

    private async Task ActAsync(string what, string action, object? body = null)
    {
        using var answer = await Admin.PostAsJsonAsync($"/api/{what}/actions/{action}", body ?? new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task PatchAsync(string path, object body)
    {
        using var now = await Admin.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) };
        request.Headers.IfMatch.Add(now.Headers.ETag!);
        await (await Admin.SendAsync(request)).JsonAsync();
    }

    /// <summary>The host's clock is this process's, so that what is asked for next is later than this.</summary>
    private static DateTimeOffset Now() => DateTimeOffset.UtcNow;

    private static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    private async Task<JsonElement?> CardAsync(Guid visit, DateTimeOffset at) =>
        (await Admin.ReadAsync($"/api/desk/visits?ids={visit}&at={At(at)}")).EnumerateArray().Select(card => (JsonElement?)card).SingleOrDefault();

    private async Task<List<Guid>> VisitsAsync(string day, DateTimeOffset? at) =>
        [.. (await DeskAsync(day, at)).GetProperty("visits").EnumerateArray().Select(card => card.GetProperty("id").GetGuid())];

    private async Task<string?> TeamAsync(Guid team, DateTimeOffset? at) =>
        (await DeskAsync("2027-04-06", at)).GetProperty("crews").EnumerateArray().Where(crew => crew.GetProperty("teamId").GetGuid() == team)
            .Select(crew => crew.GetProperty("name").GetString()).SingleOrDefault();

    private Task<JsonElement> DeskAsync(string day, DateTimeOffset? at) => Admin.ReadAsync($"/api/desk?day={day}{(at is { } then ? $"&at={At(then)}" : "")}");
}
