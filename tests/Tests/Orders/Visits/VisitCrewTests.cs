using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders.Visits;

/// <summary>Who makes a visit, said with its time: named, left as it is, or taken away.</summary>
[Collection(HostCollection.Name)]
public sealed class VisitCrewTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Theory]
    [InlineData("""{"teamId":null}""", false, true)]
    [InlineData("""{"vehicleId":null}""", true, false)]
    [InlineData("""{"teamId":null,"vehicleId":null}""", false, false)]
    [InlineData("{}", true, true)]
    public async Task Reschedule_ClearsWhatIsNull_AndKeepsWhatIsLeftOut(string crew, bool keepsTeam, bool keepsVan)
    {
        var (visit, team, van) = await NewVisitAsync();
        await PostAsync(visit, "actions/schedule", $$"""{"teamId":"{{team}}","vehicleId":"{{van}}"}""");
        var moved = await PostAsync(visit, "actions/reschedule", crew);

        Assert.Equal((keepsTeam ? team : null, keepsVan ? van : (Guid?)null), (IdOf(moved, "teamId"), IdOf(moved, "vehicleId")));
    }

    [Fact]
    public async Task Check_IsOfTheCrewThatIsNamed_NullIsNone()
    {
        var (visit, team, van) = await NewVisitAsync();
        await PostAsync(visit, "actions/schedule", $$"""{"teamId":"{{team}}","vehicleId":"{{van}}"}""");

        // Nobody is in the team: that is told of the team, and not of its van alone.
        Assert.Contains("crew", await RulesAsync(visit, "{}"));
        Assert.DoesNotContain("crew", await RulesAsync(visit, """{"teamId":null}"""));
    }

    private async Task<string[]> RulesAsync(Guid visit, string crew) =>
        [.. (await PostAsync(visit, "check", crew)).GetProperty("violations").EnumerateArray().Select(one => one.GetProperty("rule").GetString()!)];

    private async Task<JsonElement> PostAsync(Guid visit, string what, string crew)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(crew)!.AsObject();
        (body["scheduledStart"], body["scheduledEnd"]) = ("2027-06-01T08:00:00Z", "2027-06-01T09:00:00Z");
        using var answer = await Admin.PostAsJsonAsync($"/api/visits/{visit}/{what}", body);
        return await answer.JsonAsync();
    }

    private async Task<(Guid Visit, Guid? Team, Guid Van)> NewVisitAsync()
    {
        var order = await (await Admin.PostAsJsonAsync("/api/orders", await Sample.BodyAsync(host, "order"))).JsonAsync(HttpStatusCode.Created);
        using var visit = await Admin.PostAsJsonAsync($"/api/orders/{order.GetProperty("id").GetGuid()}/visits", new { visitType = "service", estimatedMinutes = 60 });
        using var team = await Admin.PostAsJsonAsync("/api/teams", new { name = $"Team {Guid.NewGuid():n}", businessEntity = order.GetProperty("businessEntity").GetString() });
        return ((await visit.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(),
            (await team.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), await host.CreateVehicleAsync());
    }

    private static Guid? IdOf(JsonElement visit, string name) =>
        visit.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String ? id.GetGuid() : null;
}
