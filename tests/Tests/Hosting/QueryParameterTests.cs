using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChargeCars.Tests.Hosting;

/// <summary>One manner for the query parameters of every route: what a route does not state is refused by name.</summary>
[Collection(HostCollection.Name)]
public sealed partial class QueryParameterTests(RunningHost host)
{
    /// <summary>The formats of trackers and of providers carry what we don't know.</summary>
    private static readonly string[] InOthersFormat =
    [
        "/api/telemetry/osmand/{key}", "/api/telemetry/traccar", "/api/messages/inbound/whatsapp", "/api/messages/inbound/sms", "/api/messages/status/sms",
        "/api/messages/status/whatsapp",
    ];

    [Fact]
    public async Task Parameter_ThatARouteDoesNotState_IsRefusedByEveryRoute()
    {
        var faults = new List<string>();
        var asked = 0;
        foreach (var (method, path, _) in (await OperationsAsync()).Where(operation => !InOthersFormat.Contains(operation.Path)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{Filled(path)}?surprise=1");
            using var answer = await host.Administrator.SendAsync(request);
            asked++;
            // An answer to HEAD has no body to name it in.
            if (answer.StatusCode != HttpStatusCode.BadRequest || (request.Method != HttpMethod.Head && !(await answer.FaultyFieldsAsync()).Contains("surprise")))
            {
                faults.Add($"{method} {path}: {answer.StatusCode}");
            }
        }

        Assert.Empty(faults);
        Assert.True(asked > 50, $"only {asked} were asked");
    }

    [Theory]
    [InlineData("api/vehicles")]
    [InlineData("api/geofences")]
    [InlineData("api/geofence-events")]
    [InlineData("api/users")]
    [InlineData("api/roles")]
    [InlineData("api/api-keys")]
    [InlineData("api/alerts")]
    [InlineData("api/audit")]
    [InlineData("api/number-sequences")]
    [InlineData("api/number-sequences/chargecars/order/2026/numbers")]
    [InlineData("api/vehicles/{vehicle}/positions")]
    [InlineData("api/vehicles/{vehicle}/trips")]
    [InlineData("api/vehicles/nearest?latitude=52&longitude=5")]
    public async Task Limit_ThatIsNoPlainNumber_IsRefusedByEveryList(string path)
    {
        path = path.Replace("{vehicle}", (await host.CreateVehicleAsync()).ToString(), StringComparison.Ordinal);
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var limit in new[] { "+5", "%2B5", "%205", "5%20", "05x", "-1", "0", "501", "1e1", "99999999999", "", "5&limit=6" })
        {
            using var answer = await host.Administrator.GetAsync($"{path}{separator}limit={limit}");

            Assert.Equal(["limit"], await answer.FaultyFieldsAsync());
        }

        using var good = await host.Administrator.GetAsync($"{path}{separator}limit=5");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("positions?from=yesterday&to=x&limit=0&cursor=x", "cursor,from,limit,to")]
    [InlineData("trips?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("track.gpx?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z", "from")]
    [InlineData("track.gpx?to=%00", "to")]
    public async Task Faults_OfAReadOfThePast_AreAllNamed(string read, string fields)
    {
        using var answer = await host.Administrator.GetAsync($"/api/vehicles/{await host.CreateVehicleAsync()}/{read}");

        Assert.Equal(fields, string.Join(',', await answer.FaultyFieldsAsync()));
    }

    [Theory]
    [InlineData("api/fleet")]
    [InlineData("api/desk")]
    [InlineData("api/desk/visits?ids=0199a000-0000-7000-8000-000000000001")]
    [InlineData("api/alerts")]
    [InlineData("api/calls")]
    [InlineData("api/calls/missed")]
    public async Task Moment_ThatIsNone_OrIsToCome_IsRefused_AndOneOfThePastIsStated(string path)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var at in new[] { "yesterday", "", "2026-01-01", Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(1).ToString("O")) })
        {
            using var answer = await host.Administrator.GetAsync($"{path}{separator}at={at}");

            Assert.Equal(["at"], await answer.FaultyFieldsAsync());
        }

        using var good = await host.Administrator.GetAsync($"{path}{separator}at={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddSeconds(-1).ToString("O"))}");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Contains("at", ParametersOf((await OperationsAsync()).Single(operation => operation.Method == "GET" && operation.Path == $"/{path.Split('?')[0]}").Operation));
    }

    /// <summary>The record of changes begins with the database; a call has its own times, which may be older.</summary>
    [Theory]
    [InlineData("api/desk?", 400)]
    [InlineData("api/desk/visits?ids=0199a000-0000-7000-8000-000000000001&", 400)]
    [InlineData("api/alerts?", 400)]
    [InlineData("api/calls?", 200)]
    public async Task Moment_BeforeTheFirstChange_IsRefused_WhereTheRecordOfChangesTells(string path, int status)
    {
        using var answer = await host.Administrator.GetAsync($"{path}at=2001-01-01T00:00:00Z");

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 400)
        {
            var faults = (await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("at");
            Assert.StartsWith("must not be before 20", faults[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Parameter_WithoutCredentials_TellsNothing()
    {
        using var anonymous = host.Anonymous();
        using var answer = await anonymous.GetAsync("/api/permissions?surprise=1");

        await answer.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Description_OfEveryList_NamesItsParameters()
    {
        var lists = (await OperationsAsync()).Where(operation => operation.Method == "GET" && ParametersOf(operation.Operation).Contains("cursor"))
            .ToDictionary(operation => operation.Path, operation => ParametersOf(operation.Operation));

        Assert.All(lists.Values, parameters => Assert.Contains("limit", parameters));
        Assert.Superset(new HashSet<string> { "licensePlate", "operationalStatus", "sort" }, lists["/api/vehicles"]);
        Assert.Superset(new HashSet<string> { "from", "to" }, lists["/api/vehicles/{id}/positions"]);
        Assert.True(lists.Count >= 10, string.Join(' ', lists.Keys));
    }

    private async Task<List<(string Method, string Path, JsonElement Operation)>> OperationsAsync() =>
    [
        .. from path in (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select (operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    private static HashSet<string> ParametersOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!)]
        : [];

    // A value of each parameter's type: else the route is not met.
    private static string Filled(string path) => Parameter().Replace(path, name => name.Groups[1].Value switch
    {
        "year" => "2026",
        "number" => "0",
        var id when id.EndsWith("id", StringComparison.OrdinalIgnoreCase) => Guid.Empty.ToString(),
        var word => word,
    });

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
