using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Planning;

/// <summary>Who may ask what planning a visit would mean, and of which crews they hear.</summary>
[Collection(HostCollection.Name)]
public sealed class PlanningScopeTests(RunningHost host)
{
    private static readonly string[] Planning = ["visits.read", "visits.write", "teams.read", "vehicles.read"];

    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Crews_OutOfScope_AreNeitherCandidatesNorChecked()
    {
        var (own, other) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        var (visit, entity) = await NewVisitAsync(own);
        var foreign = entity == "zaptecshop" ? "chargecars" : "zaptecshop";
        var (ours, theirs) = (await NewTeamAsync(entity), await NewTeamAsync(foreign));
        using var planner = await host.WithKeyAsync(new { name = "planner", permissions = Planning, businessEntities = new[] { entity } });
        using var driver = await host.WithKeyAsync(new { name = "driver", permissions = Planning, vehicleIds = new[] { own } });

        var ofPlanner = Teams(await planner.ReadAsync($"/api/visits/{visit}/candidates?day=2027-06-01"));
        var ofDriver = (await driver.ReadAsync($"/api/visits/{visit}/candidates?day=2027-06-01")).EnumerateArray().ToList();

        Assert.Contains(ours, ofPlanner);
        Assert.DoesNotContain(theirs, ofPlanner);
        Assert.Equal(own, Assert.Single(ofDriver).GetProperty("vehicleId").GetGuid());
        Assert.Equal(["teamId"], await (await CheckAsync(planner, visit, new { teamId = theirs })).FaultyFieldsAsync());
        Assert.Equal(["vehicleId"], await (await CheckAsync(driver, visit, new { vehicleId = other })).FaultyFieldsAsync());
        using var checkedOwn = await CheckAsync(driver, visit, new { vehicleId = own });
        Assert.Equal(HttpStatusCode.OK, checkedOwn.StatusCode);

        // Who plans for all hears that the team works under another name.
        var all = (await Admin.ReadAsync($"/api/visits/{visit}/candidates?day=2027-06-01")).EnumerateArray().Single(one => TeamOf(one) == theirs);
        Assert.Contains(all.GetProperty("answer").GetProperty("violations").EnumerateArray(), one =>
            one.GetProperty("rule").GetString() == "crew" && one.GetProperty("detail").GetString()!.Contains(foreign, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Partners_CantPlan()
    {
        var (visit, _) = await NewVisitAsync(await host.CreateVehicleAsync());
        using var partner = await host.WithKeyAsync(new { name = "partner", permissions = Planning, partnerOrganizationId = await Sample.CreateAsync(host, "organization") });

        await (await partner.GetAsync($"/api/visits/{visit}/candidates")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await CheckAsync(partner, visit, new { })).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("tomorrow")]
    public async Task Day_ThatNoCalendarHas_IsNamed(string day)
    {
        var (visit, _) = await NewVisitAsync(await host.CreateVehicleAsync());

        Assert.Equal(["day"], await (await Admin.GetAsync($"/api/visits/{visit}/candidates?day={day}")).FaultyFieldsAsync());
    }

    private static Guid? TeamOf(JsonElement candidate) => candidate.TryGetProperty("teamId", out var team) && team.ValueKind == JsonValueKind.String ? team.GetGuid() : null;

    private static List<Guid?> Teams(JsonElement candidates) => [.. candidates.EnumerateArray().Select(TeamOf)];

    private static Task<HttpResponseMessage> CheckAsync(HttpClient client, Guid visit, object crew)
    {
        var body = JsonSerializer.SerializeToNode(crew)!.AsObject();
        (body["scheduledStart"], body["scheduledEnd"]) = ("2027-06-01T08:00:00Z", "2027-06-01T09:00:00Z");
        return client.PostAsJsonAsync($"/api/visits/{visit}/check", body);
    }

    private async Task<(Guid Visit, string Entity)> NewVisitAsync(Guid van)
    {
        var order = await (await Admin.PostAsJsonAsync("/api/orders", await Sample.BodyAsync(host, "order"))).JsonAsync(HttpStatusCode.Created);
        using var made = await Admin.PostAsJsonAsync($"/api/orders/{order.GetProperty("id").GetGuid()}/visits", new { visitType = "service", estimatedMinutes = 60, vehicleId = van });
        return ((await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), order.GetProperty("businessEntity").GetString()!);
    }

    private async Task<Guid> NewTeamAsync(string entity)
    {
        using var made = await Admin.PostAsJsonAsync("/api/teams", new { name = $"Team {Guid.NewGuid():n}", businessEntity = entity });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
