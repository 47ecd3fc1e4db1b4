using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Tests.Hosting.Access;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting;

/// <summary>The description says what the routes take, also those that read their bodies byte by byte.</summary>
[Collection(HostCollection.Name)]
public sealed partial class ApiDescriptionTests(RunningHost host)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("/api/telemetry/positions", "post", "application/json application/x-ndjson")]
    [InlineData("/api/telemetry/traccar", "post", "application/json")]
    [InlineData("/api/telemetry/osmand/{key}", "post", "application/json")]
    [InlineData("/api/telemetry/osmand/{key}", "get", "")]
    public async Task Telemetry_IsDescribed(string path, string method, string contentTypes)
    {
        var operation = (await PathsAsync()).GetProperty(path).GetProperty(method);

        var described = operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().Select(type => type.Name) : [];
        Assert.Equal(contentTypes, string.Join(' ', described));
        Assert.True(operation.GetProperty("responses").TryGetProperty("200", out _));
    }

    [Fact]
    public async Task Operations_HaveNamesOfTheirOwn_AndNoneIsTheDashboards()
    {
        (await host.Administrator.GetAsync("/dashboard/")).Dispose();
        var paths = (await PathsAsync()).EnumerateObject().ToList();

        var names = paths.SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.TryGetProperty("operationId", out var name) ? name.GetString() : null).OfType<string>().ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(paths, path => Assert.StartsWith("/api/", path.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schemas_OfTextAndTimes_SayTheirType()
    {
        var schemas = (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        var vehicle = schemas.GetProperty("VehicleDetails").GetProperty("properties");
        Assert.Equal("string", vehicle.GetProperty("licensePlate").GetProperty("type").GetString());
        Assert.Equal("""["null","string"]""", vehicle.GetProperty("vehicleName").GetProperty("type").GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("date", vehicle.GetProperty("insuranceExpiry").GetProperty("format").GetString());
        var user = schemas.GetProperty("UserView").GetProperty("properties").GetProperty("createdAt");
        Assert.Equal(("string", "date-time"), (user.GetProperty("type").GetString(), user.GetProperty("format").GetString()));
    }

    [Fact]
    public async Task Operations_OfEveryRoute_SayWhatTheyDo_WhoMayAndHowTheyRefuse()
    {
        var faults = new List<string>();
        foreach (var (route, operation) in await OperationsAsync())
        {
            var responses = operation.GetProperty("responses");
            if (!operation.TryGetProperty("summary", out var summary) || string.IsNullOrWhiteSpace(summary.GetString()) || !operation.TryGetProperty("operationId", out _))
            {
                faults.Add($"{route}: say by WithName and WithSummary what it does.");
            }

            var permissions = operation.TryGetProperty("security", out var security)
                ? security.EnumerateArray().SelectMany(one => one.EnumerateObject()).Select(scheme => $"{scheme.Name} {scheme.Value}").ToList() : [];
            if (route.Open || route.KeyInPath ? permissions.Count > 0 : permissions.Count != (route.KeyAsPassword ? 3 : 2) || !route.Permissions.All(permission => permissions.All(told => told.Contains($"\"{permission}\"", StringComparison.Ordinal))))
            {
                faults.Add($"{route}: its security is {string.Join(" or ", permissions)}");
            }

            var missing = new[] { "429", "503" }.Concat(route.Open ? [] : ["401", "403"]).Concat(route.Pattern.Contains('{', StringComparison.Ordinal) ? ["404"] : Array.Empty<string>())
                .Concat(operation.TryGetProperty("requestBody", out _) ? ["400", "413", "415"] : []).Where(status => !responses.TryGetProperty(status, out _)).ToList();
            if (missing.Count > 0)
            {
                faults.Add($"{route}: lacks the answers {string.Join(", ", missing)}");
            }
        }

        Assert.Empty(faults);
    }

    /// <summary>Whatever a route is known to answer, the description has.</summary>
    [Fact]
    public async Task Answers_OfEveryRoute_AreDescribed()
    {
        var faults = new List<string>();
        foreach (var (route, operation) in await OperationsAsync())
        {
            var known = RouteTable.Cases.FirstOrDefault(known => known.Route == route.ToString());
            foreach (var status in known is null ? [] : known.Instead.Select(exception => exception.Answer).Append(known.Answer).Concat(known.Thing == Thing.None ? [] : [known.Foreign]).Distinct())
            {
                if (!operation.GetProperty("responses").TryGetProperty($"{status}", out _))
                {
                    faults.Add($"{route} answers {status}, which is not described.");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Refusals_AreProblems()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var components = document.GetProperty("components");

        Assert.Equal(["apiKey", "apiKeyAsPassword", "bearer"], components.GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Order(StringComparer.Ordinal));
        Assert.All(components.GetProperty("responses").EnumerateObject(), response => Assert.EndsWith(
            "/Problem", response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString(), StringComparison.Ordinal));
        foreach (var reference in All(document).Where(part => part.Name == "$ref").Select(part => part.Value.GetString()!))
        {
            var at = document;
            Assert.All(reference.Split('/')[1..], name => Assert.True(at.TryGetProperty(name, out at), reference));
        }
    }

    /// <summary>Bodies of different features that have one name: each operation shows its own.</summary>
    [Theory]
    [InlineData("/api/orders/{id}/actions/accept-quote", "acceptedByName")]
    [InlineData("/api/visits/{id}/actions/schedule", "scheduledStart")]
    [InlineData("/api/threads/{id}/actions/assign", "contactId")]
    [InlineData("/api/vehicles/{id}/actions/{action}", "visitId")]
    public async Task Bodies_OfOneName_AreTheirOwn(string path, string field)
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var schema = SchemaOf(document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody"));

        var shapes = schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray() : [];

        Assert.Contains(shapes.Append(schema).Select(shape => Resolve(document, shape)), shape => shape.TryGetProperty("properties", out var fields) && fields.TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Schemas_OfWordsAndLists_SayWhichWordsAndOfWhat()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var lists = All(document).Where(part => part.Value.ValueKind == JsonValueKind.Object && part.Value.TryGetProperty("type", out var type) && type.ToString().Contains("array", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(lists);
        Assert.Empty(lists.Where(list => !list.Value.TryGetProperty("items", out var items) || !items.EnumerateObject().Any()).Select(list => $"{list.Name}: {list.Value}"));
        var words = All(document).Where(part => part is { Name: "enum", Value.ValueKind: JsonValueKind.Array }).Select(part => string.Join(' ', part.Value.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()))).ToHashSet();
        Assert.Contains(string.Join(' ', WireText.All<ChargeCars.Fleet.Vehicles.VehicleType>()), words);
        Assert.Contains(string.Join(' ', WireText.All<BusinessEntity>()), words);
        Assert.True(words.Count > 30, $"{words.Count} enums have words");
    }

    /// <summary>A field that the description says an answer has, it has; and none that the description does not know.</summary>
    [Fact]
    public async Task Required_OfAnEntity_IsWhatItsAnswersAlwaysHave()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var faults = new List<string>();
        foreach (var kind in host.Services.GetServices<IEntityRoutes>())
        {
            var described = Resolve(document, SchemaOf(document.GetProperty("paths").GetProperty($"{kind.Route}/{{id}}").GetProperty("get").GetProperty("responses").GetProperty("200")));
            // Some are there from the start, and there is no more of them.
            var list = (await host.Administrator.ReadAsync($"{kind.Route}?limit=1")).GetProperty("items");
            var id = list.GetArrayLength() > 0 ? list[0].GetProperty("id").GetGuid() : await Sample.CreateAsync(host, kind.Table);
            var answer = await host.Administrator.ReadAsync($"{kind.Route}/{id}");
            var fields = answer.EnumerateObject().Select(field => field.Name).ToHashSet();
            faults.AddRange(Names(described, "required").Except(fields).Select(field => $"{kind.Table}: {field} is required and not there"));
            faults.AddRange(fields.Except(described.GetProperty("properties").EnumerateObject().Select(field => field.Name)).Select(field => $"{kind.Table}: {field} is there and not described"));
            if (Names(described, "required").Count == 0)
            {
                faults.Add($"{kind.Table}: nothing is required of its answers");
            }
        }

        Assert.Empty(faults);
    }

    /// <summary>A creation demands what it is said to demand, and a change nothing.</summary>
    [Fact]
    public async Task Required_OfABody_IsWhatItsRulesDemand()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var faults = new List<string>();
        foreach (var kind in host.Services.GetServices<IEntityRoutes>().Where(kind => kind.IsMadeOfDetails))
        {
            var paths = document.GetProperty("paths");
            var (create, change) = (SchemaOf(paths.GetProperty(kind.Route).GetProperty("post").GetProperty("requestBody")), SchemaOf(paths.GetProperty($"{kind.Route}/{{id}}").GetProperty("patch").GetProperty("requestBody")));
            using var refused = await host.Administrator.PostAsJsonAsync(kind.Route, new { });
            var missing = refused.StatusCode != HttpStatusCode.BadRequest ? []
                : (await refused.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateObject()
                    .Where(field => field.Value[0].GetString()!.StartsWith("is required", StringComparison.Ordinal)).Select(field => field.Name).ToHashSet();
            if (!missing.SetEquals(Names(Resolve(document, create), "required")))
            {
                faults.Add($"{kind.Table}: demands {string.Join(", ", missing)} and says {string.Join(", ", Names(Resolve(document, create), "required"))}");
            }

            if (Names(Resolve(document, change), "required").Count > 0)
            {
                faults.Add($"{kind.Table}: a change demands {string.Join(", ", Names(Resolve(document, change), "required"))}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Uploads_ByTheTusProtocol_HaveTheirHeaders()
    {
        var paths = await PathsAsync();
        string[] Headers(string path, string method) => [.. paths.GetProperty(path).GetProperty(method).GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "header").Select(parameter => parameter.GetProperty("name").GetString()!)];

        Assert.Superset(new HashSet<string> { "Tus-Resumable", "Upload-Length", "Upload-Metadata", "Idempotency-Key" }, Headers("/api/attachments/uploads", "post").ToHashSet());
        Assert.Superset(new HashSet<string> { "Tus-Resumable", "Upload-Offset" }, Headers("/api/attachments/uploads/{id}", "patch").ToHashSet());
        var taken = paths.GetProperty("/api/attachments/uploads/{id}").GetProperty("patch");
        Assert.True(taken.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/offset+octet-stream", out _));
        Assert.True(taken.GetProperty("responses").GetProperty("204").GetProperty("headers").TryGetProperty("Upload-Offset", out _));
        Assert.True(paths.GetProperty("/api/attachments/uploads").GetProperty("post").GetProperty("responses").GetProperty("201").GetProperty("headers").TryGetProperty("Location", out _));
    }

    /// <summary>What the description shows is what is read, although it is not read by those types.</summary>
    [Fact]
    public async Task Bodies_AsDescribed_AreStored()
    {
        var device = $"D{Guid.NewGuid():N}";
        await host.CreateVehicleAsync(new { licensePlate = $"D-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van", deviceId = device });
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "described", permissions = new[] { "positions.write" } });
        var key = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("key").GetString();
        using var tracker = host.Anonymous();

        var positions = new PositionsBody([new(null, device, null, Now.AddMinutes(-3), 52.1, 5.1, 8, 50, 90, 2, 10, true)]);
        var traccar = new TraccarBody(new(Now.AddMinutes(-2), 52.1, 5.1, true, false, 27, 90, 8, 2, new(10, true)), new(device));
        var osmAnd = new OsmAndBody(device, new(Now.AddMinutes(-1).ToString("O"), new(52.1, 5.1, 13.9, 90, 8, 2)));
        using var first = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", positions);
        using var second = await host.Administrator.PostAsJsonAsync("/api/telemetry/traccar", traccar);
        using var third = await tracker.PostAsJsonAsync($"/api/telemetry/osmand/{key}", osmAnd);

        foreach (var answer in new[] { first, second, third })
        {
            var told = (await answer.JsonAsync()).Deserialize<PositionsAnswer>(JsonSerializerOptions.Web)!;
            Assert.Equal((1, 0), (told.Stored, told.Rejected.Count));
        }
    }

    /// <summary>The described operations with the routes of the running host.</summary>
    private async Task<List<(HostRoute Route, JsonElement Operation)>> OperationsAsync()
    {
        var paths = await PathsAsync();
        var operations = from route in HostRoute.All(host)
                         where paths.TryGetProperty(Described(route.Pattern), out _)
                         let path = paths.GetProperty(Described(route.Pattern))
                         where path.TryGetProperty(route.Method.ToLowerInvariant(), out _)
                         select (route, path.GetProperty(route.Method.ToLowerInvariant()));
        var found = operations.ToList();
        Assert.Equal(paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()), found.Count);
        return found;
    }

    // /api/vehicles/{id:guid}/ → /api/vehicles/{id}
    private static string Described(string pattern) => Constraint().Replace(pattern, "{$1}").TrimEnd('/');

    private static JsonElement SchemaOf(JsonElement answer) => answer.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema");

    private static JsonElement Resolve(JsonElement document, JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
        : schema;

    private static HashSet<string> Names(JsonElement schema, string list) => schema.TryGetProperty(list, out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static IEnumerable<(string Name, JsonElement Value)> All(JsonElement part, string name = "")
    {
        yield return (name, part);
        IEnumerable<(string Name, JsonElement Value)> children = part.ValueKind switch
        {
            JsonValueKind.Object => part.EnumerateObject().Select(child => (child.Name, child.Value)),
            JsonValueKind.Array => part.EnumerateArray().Select(child => (name, child)),
            _ => [],
        };
        foreach (var child in children.SelectMany(child => All(child.Value, child.Name)))
        {
            yield return child;
        }
    }

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Constraint();

    private async Task<JsonElement> PathsAsync() => (await host.Administrator.ReadAsync("/openapi/v1.json")).GetProperty("paths");
}
