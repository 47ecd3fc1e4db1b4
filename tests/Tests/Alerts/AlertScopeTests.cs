using System.Net;
using System.Net.Http.Json;
using ChargeCars.Alerts;
using ChargeCars.Platform.Entities;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Platform.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Alerts;

/// <summary>An alert is seen by who sees what it is about, in the list, one by one, counted, marked, acted on, and over the hub.</summary>
public sealed class AlertScopeTests(AlertHost alerts) : IClassFixture<AlertHost>
{
    private RunningHost Host => alerts.Host;

    private static readonly string[] Every =
        ["alerts.read", "alerts.write", "visits.read", "orders.read", "vehicles.read", "positions.read", "calls.read", "threads.read", "due_commands.manage"];

    /// <summary>By the roles' own rows: what each of them is granted decides.</summary>
    [Theory]
    [InlineData("admin", "own-visit own-van other-visit other-van other-silent order call thread product")]
    [InlineData("manager", "own-visit own-van other-visit other-van other-silent order call thread")]
    [InlineData("planner", "own-visit own-van other-visit other-van other-silent order call thread")]
    [InlineData("viewer", "own-visit own-van other-visit other-van other-silent order")]
    [InlineData("technician", "own-visit own-van")]
    [InlineData("partner", null)]
    public async Task Role_SeesTheAlertsOfWhatItSees(string role, string? seen)
    {
        var raised = await RaiseAllAsync();
        using var client = await Host.AsRoleAsync(role, role == "technician" ? [raised.OwnVan] : []);
        if (seen is null)
        {
            await (await client.GetAsync("/api/alerts")).ProblemAsync(HttpStatusCode.Forbidden);
            return;
        }

        await AssertSeesAsync(client, raised, seen);
        using var act = await client.PostAsync($"/api/alerts/{raised.Ids["own-van"]}/actions/done", null);
        Assert.Equal(role is "viewer" or "technician" ? HttpStatusCode.Forbidden : HttpStatusCode.OK, act.StatusCode);
    }

    [Fact]
    public async Task Key_SeesByItsPermissions_AndWithoutPositionsNothingThatFollowsFromThem()
    {
        var raised = await RaiseAllAsync();
        foreach (var (without, seen) in new[]
        {
            ("none", "own-visit own-van other-visit other-van other-silent order call thread product"),
            ("visits.read", "own-van other-van other-silent order call thread product"), ("orders.read", "own-visit own-van other-visit other-van other-silent call thread product"),
            ("calls.read", "own-visit own-van other-visit other-van other-silent order thread product"), ("threads.read", "own-visit own-van other-visit other-van other-silent order call product"),
            ("due_commands.manage", "own-visit own-van other-visit other-van other-silent order call thread"), ("positions.read", "other-silent order call thread product"),
        })
        {
            using var client = await Host.WithKeyAsync(Every.Except([without]).ToArray());
            await AssertSeesAsync(client, raised, seen);
        }

        using var partner = await Host.WithKeyAsync(new { name = "partner", permissions = Every.Except(["due_commands.manage"]), partnerOrganizationId = await Sample.CreateAsync(Host, "organization") });
        await AssertSeesAsync(partner, raised, "");
        using var foreign = await Host.WithKeyAsync(new { name = "foreign", permissions = Every.Except(["due_commands.manage"]), businessEntities = new[] { "ratioshop" } });
        // Vans are the whole company's.
        await AssertSeesAsync(foreign, raised, "own-van other-van other-silent");
        using var own = await Host.WithKeyAsync(new { name = "own", permissions = Every.Except(["due_commands.manage"]), vehicleIds = new[] { raised.OwnVan } });
        await AssertSeesAsync(own, raised, "own-visit own-van");
    }

    /// <summary>An alert is given to who may see to it; who is known to nobody but themselves can give it to nobody else.</summary>
    [Fact]
    public async Task Colleagues_AreThoseWhoSeeToAlerts()
    {
        var (planner, viewer) = (Guid.NewGuid().ToString("N")[..8], Guid.NewGuid().ToString("N")[..8]);
        using var one = await Host.AsRoleAsync("planner");
        using var other = await Host.AsRoleAsync("viewer");
        await NameAsync(one, planner);
        await NameAsync(other, viewer);
        using var full = await Host.WithKeyAsync("alerts.read", "alerts.write", "relations.read");
        using var partner = await Host.WithKeyAsync(new { name = "partner", permissions = new[] { "alerts.read", "alerts.write", "relations.read" }, partnerOrganizationId = await Sample.CreateAsync(Host, "organization") });
        using var own = await Host.WithKeyAsync(new { name = "own", permissions = new[] { "alerts.read", "alerts.write", "relations.read" }, vehicleIds = new[] { await Host.CreateVehicleAsync() } });
        using var reader = await Host.WithKeyAsync("alerts.read", "relations.read");
        using var nameless = await Host.WithKeyAsync("alerts.read", "alerts.write");

        var names = await NamesAsync(full);
        Assert.Contains(planner, names);
        Assert.DoesNotContain(viewer, names);
        Assert.DoesNotContain(planner, await NamesAsync(partner));
        Assert.DoesNotContain(planner, await NamesAsync(own));
        await (await reader.GetAsync("/api/alerts/colleagues")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await nameless.GetAsync("/api/alerts/colleagues")).ProblemAsync(HttpStatusCode.Forbidden);

        // Whoever is offered can be given it.
        var raised = await RaiseAllAsync();
        var chosen = (await full.ReadAsync("/api/alerts/colleagues")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == planner).GetProperty("contactId").GetGuid();
        using var given = await Host.Administrator.PostAsJsonAsync($"/api/alerts/{raised.Ids["own-van"]}/actions/assign", new { contactId = chosen });
        Assert.Equal(chosen, (await given.JsonAsync()).GetProperty("assignedToContactId").GetGuid());

        async Task NameAsync(HttpClient person, string name)
        {
            var contact = (await person.ReadAsync("/api/auth/me")).GetProperty("contactId").GetGuid();
            await Host.ExecuteAsync($"UPDATE contact SET first_name = '{name}', last_name = '' WHERE id = '{contact}'");
        }

        static async Task<List<string>> NamesAsync(HttpClient client) =>
            [.. (await client.ReadAsync("/api/alerts/colleagues")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    /// <summary>Whoever could not open an alert is not offered for it and can't be given it; nor can somebody who has no account, or may not see to alerts.</summary>
    [Theory]
    [InlineData("own-visit", """{"resources": ["alerts.read", "alerts.write", "visits.read", "vehicles.read", "positions.read"], "organizations": ["ratioshop"]}""", false)]
    [InlineData("own-van", """{"resources": ["alerts.read", "alerts.write", "visits.read", "vehicles.read", "positions.read"], "organizations": ["ratioshop"]}""", true)]
    [InlineData("own-van", """{"resources": ["alerts.read", "alerts.write", "vehicles.read"]}""", false)]
    [InlineData("call", """{"resources": ["alerts.read", "alerts.write", "vehicles.read", "positions.read"]}""", false)]
    [InlineData("call", """{"resources": ["alerts.read", "alerts.write", "calls.read"]}""", true)]
    [InlineData("own-visit", """{"resources": ["alerts.read", "alerts.write", "visits.read", "positions.read"], "data_filters": {"user_scope": "own"}}""", false)]
    [InlineData("call", """{"resources": ["alerts.read", "calls.read"]}""", false)]
    public async Task Alert_IsGivenOnlyToWhoSeesIt(string name, string grants, bool canBeGiven)
    {
        var (raised, role) = (await RaiseAllAsync(), $"of a test {Guid.NewGuid()}");
        await Host.ExecuteAsync($"INSERT INTO user_role (id, role_name, permissions, is_active) VALUES ('{Guid.NewGuid()}', '{role}', '{grants}', true)");
        using var person = await Host.AsRoleAsync(role);
        var (contact, alert) = ((await person.ReadAsync("/api/auth/me")).GetProperty("contactId").GetGuid(), raised.Ids[name]);

        var offered = (await Host.Administrator.ReadAsync($"/api/alerts/colleagues?alertId={alert}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("contactId").GetGuid());
        Assert.Equal(canBeGiven, offered.Contains(contact));
        using var given = await Host.Administrator.PostAsJsonAsync($"/api/alerts/{alert}/actions/assign", new { contactId = contact });
        if (canBeGiven)
        {
            Assert.Equal(contact, (await given.JsonAsync()).GetProperty("assignedToContactId").GetGuid());
            return;
        }

        Assert.Equal(["contactId"], await given.FaultyFieldsAsync());
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM alert WHERE id = '{alert}' AND assigned_to_contact_id IS NOT NULL"));
    }

    [Fact]
    public async Task Alert_IsNotGivenToWhoHasNoAccount_AndOneThatIsHiddenOffersNobody()
    {
        var raised = await RaiseAllAsync();
        using var given = await Host.Administrator.PostAsJsonAsync(
            $"/api/alerts/{raised.Ids["own-van"]}/actions/assign", new { contactId = await Sample.CreateAsync(Host, "contact") });
        Assert.Equal(["contactId"], await given.FaultyFieldsAsync());

        using var blind = await Host.WithKeyAsync("alerts.read", "alerts.write", "relations.read");
        await (await blind.GetAsync($"/api/alerts/colleagues?alertId={raised.Ids["own-van"]}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(["alertId"], await (await blind.GetAsync("/api/alerts/colleagues?alertId=x")).FaultyFieldsAsync());
    }

    [Fact]
    public async Task Hub_TellsWhatTheListShows()
    {
        var raised = await RaiseAllAsync();
        foreach (var (key, seen) in new (object Key, string Seen)[]
        {
            (new { name = "all", permissions = Every }, "call order other-silent other-van other-visit own-van own-visit product thread"),
            (new { name = "no calls", permissions = Every.Except(["calls.read", "due_commands.manage"]) }, "order other-silent other-van other-visit own-van own-visit thread"),
            (new { name = "no positions", permissions = Every.Except(["positions.read"]) }, "call order other-silent product thread"),
            (new { name = "own", permissions = Every.Except(["due_commands.manage"]), vehicleIds = new[] { raised.OwnVan } }, "own-van own-visit"),
            (new { name = "foreign", permissions = Every.Except(["due_commands.manage"]), businessEntities = new[] { "ratioshop" } }, "other-silent other-van own-van"),
        })
        {
            using var client = await Host.WithKeyAsync(key);
            await using var screen = new LiveClient(new Uri(Host.Url, "/hubs/dispatch"), client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
            await screen.Hub.StartAsync();
            await screen.WatchAsync(new { topics = new[] { "alerts", "fleet" } });
            foreach (var id in raised.Ids.Values.Where(id => id != raised.Ids["own-van"]).Append(raised.Ids["own-van"]))
            {
                var alert = await Grain(id).GetAsync();
                await ExecuteAsync(id, alert.Value!.Status == AlertStatus.Done ? new ActOnAlert(AlertAction.Reopen, "test", null) : new ActOnAlert(AlertAction.Done, "test", null));
            }

            // A change that everybody here sees ends the waiting.
            await (await Host.Administrator.PostAsync($"/api/vehicles/{raised.OwnVan}/actions/drive", null)).JsonAsync();
            var told = new List<string>();
            while (true)
            {
                var change = await LiveClient.NextAsync(screen.Changes);
                if (change.Type == "vehicle.status_changed" && change.EntityId == raised.OwnVan)
                {
                    break;
                }

                told.AddRange(raised.Ids.Where(pair => pair.Value == change.EntityId).Select(pair => pair.Key));
            }

            Assert.Equal(seen, string.Join(' ', told.Order()));
            await (await Host.Administrator.PostAsync($"/api/vehicles/{raised.OwnVan}/actions/park", null)).JsonAsync();
        }
    }

    private async Task AssertSeesAsync(HttpClient client, Raised raised, string names)
    {
        var expected = names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order().ToList();
        var listed = new List<string>();
        foreach (var (name, id) in raised.Ids)
        {
            using var one = await client.GetAsync($"/api/alerts/{id}");
            var many = await client.ReadAsync($"/api/alerts?entityId={raised.About[name]}");
            var isSeen = one.StatusCode == HttpStatusCode.OK;
            Assert.Equal(isSeen, many.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("id").GetGuid() == id));
            if (isSeen)
            {
                listed.Add(name);
                continue;
            }

            await (await client.PostAsJsonAsync("/api/alerts/actions/see", new { ids = new[] { id } })).JsonAsync();
            Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM alert_seen WHERE alert_id = '{id}'"));
            using var act = await client.PostAsync($"/api/alerts/{id}/actions/done", null);
            Assert.Contains(act.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        }

        Assert.Equal(expected, listed.Order());
        Assert.True((await client.ReadAsync("/api/alerts/count")).GetProperty("open").GetInt32() >= expected.Count(name => name != "product"));
    }

    private async Task<Raised> RaiseAllAsync()
    {
        var (order, own, other) = (await OrderRun.NewAsync(Host, new { businessEntity = "chargecars" }), await Host.CreateVehicleAsync(), await Host.CreateVehicleAsync());
        await order.ActAsync("approve");
        var (ownVisit, otherVisit) = (await order.VisitAsync(new { visitType = "service", vehicleId = own }), await order.VisitAsync(new { visitType = "service", vehicleId = other }));
        var thread = await Sample.CreateAsync(Host, "communication_thread");
        await Host.ExecuteAsync($"UPDATE communication_thread SET business_entity = 'chargecars', entity_type = NULL, entity_id = NULL WHERE id = '{thread}'");
        var (call, product) = (Guid.NewGuid(), Guid.NewGuid());
        var raised = new Raised(own);
        await AddAsync("own-visit", new(AlertType.VisitLate, "visit", ownVisit, AlertSeverity.High) { BusinessEntity = BusinessEntity.Chargecars, VehicleId = own, VisitId = ownVisit });
        await AddAsync("other-visit", new(AlertType.VisitLate, "visit", otherVisit, AlertSeverity.High) { BusinessEntity = BusinessEntity.Chargecars, VehicleId = other, VisitId = otherVisit });
        await AddAsync("own-van", new(AlertType.Overspeed, "vehicle", own, AlertSeverity.High) { VehicleId = own });
        await AddAsync("other-van", new(AlertType.Overspeed, "vehicle", other, AlertSeverity.High) { VehicleId = other });
        await AddAsync("other-silent", new(AlertType.SignalLost, "vehicle", other, AlertSeverity.High) { VehicleId = other });
        // An order is a technician's where one of its visits is; who sees it is not the hub's to know without asking.
        var theirs = await OrderRun.NewAsync(Host, new { businessEntity = "chargecars" });
        await AddAsync("order", new(AlertType.StatusOverdue, "order", theirs.Id, AlertSeverity.Normal) { BusinessEntity = BusinessEntity.Chargecars, OrderId = theirs.Id });
        await AddAsync("call", new(AlertType.CallMissed, "call_back", call, AlertSeverity.High) { BusinessEntity = BusinessEntity.Chargecars, Label = "+31612345678" });
        await AddAsync("thread", new(AlertType.MessageFailed, "communication_thread", thread, AlertSeverity.Normal) { BusinessEntity = BusinessEntity.Chargecars });
        await AddAsync("product", new(AlertType.ConsequenceFailed, "product", product, AlertSeverity.High));
        return raised;

        async Task AddAsync(string name, AlertFact fact)
        {
            await ExecuteAsync(fact.AlertId, new RaiseAlert(fact));
            raised.Ids[name] = fact.AlertId;
            raised.About[name] = fact.EntityId;
        }
    }

    private IEntityGrain<Alert> Grain(Guid id) => Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Alert>>(id);

    private async Task ExecuteAsync(Guid id, AlertCommand command)
    {
        var done = await Grain(id).ExecuteAsync(command, new(Guid.NewGuid(), Actor.System));
        Assert.True(done.Succeeded, done.Error?.Detail);
    }

    private sealed record Raised(Guid OwnVan)
    {
        public Dictionary<string, Guid> Ids { get; } = [];

        public Dictionary<string, Guid> About { get; } = [];
    }
}
