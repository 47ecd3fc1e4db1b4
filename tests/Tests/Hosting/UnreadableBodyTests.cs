using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Hosting;

/// <summary>
/// Every route that takes JSON, with bodies that are none of it: each is refused by the field, in words of ours. The framework's own
/// speak of .NET types, parameters and positions, and change with its versions.
/// </summary>
[Collection(HostCollection.Name)]
public sealed partial class UnreadableBodyTests(RunningHost host)
{
    private static readonly string[] NoObjects = ["[]", "5", "true", "\"text\"", "{", "{\"a\":}", "{\"a\":1}}", "{'a':1}", "nul", "\u00e9", string.Concat(Enumerable.Repeat("{\"a\":", 70))];

    [Fact]
    public async Task Body_ThatIsNoObject_IsRefusedInOurWords()
    {
        var faults = new List<string>();
        foreach (var route in Routes().Where(route => route.Body.Kind == JsonTypeInfoKind.Object))
        {
            foreach (var body in route.IsOptional ? NoObjects : [.. NoObjects, "null", ""])
            {
                // A patch of what is not there may be answered before its body is looked at.
                faults.AddRange(await FaultsAsync(route, body, field: null, mayBeAnotherRefusal: route.Method == "PATCH"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Field_OfTheWrongType_IsRefusedByItsNameInOurWords()
    {
        var (faults, asked) = (new List<string>(), 0);
        foreach (var route in Routes().Where(route => route is { Method: not "PATCH", Body.Kind: JsonTypeInfoKind.Object }))
        {
            foreach (var field in route.Body.Properties.Where(field => IsSet(route.Body, field) && field.PropertyType != typeof(JsonElement) && field.PropertyType != typeof(object)))
            {
                foreach (var value in new[] { "[[1]]", "[{\"zzz\":[[]]}]", "{\"zzz\":[[1]]}", "1e999" })
                {
                    // What is of the right shape by chance is judged by the field's own rule.
                    faults.AddRange(await FaultsAsync(route, $"{{\"{field.Name}\":{value}}}", value == "[[1]]" ? field.Name : null, mayBeAnotherRefusal: value != "[[1]]"));
                    asked++;
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > 500, $"{asked} were asked");
    }

    [Fact]
    public async Task Field_GivenTwiceOrUnknown_IsRefusedByItsNameInOurWords()
    {
        var faults = new List<string>();
        foreach (var route in Routes().Where(route => route.Body.Kind == JsonTypeInfoKind.Object))
        {
            if (route.Method != "PATCH")
            {
                faults.AddRange(await FaultsAsync(route, "{\"zzz\":1}", "zzz", mayBeAnotherRefusal: false));
            }

            if (route.Body.Properties.FirstOrDefault(field => IsSet(route.Body, field) && field.IsSetNullable && (!field.PropertyType.IsValueType || Nullable.GetUnderlyingType(field.PropertyType) is not null)) is { } twice)
            {
                faults.AddRange(await FaultsAsync(route, $"{{\"{twice.Name}\":null,\"{twice.Name}\":null}}", twice.Name, mayBeAnotherRefusal: false));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("", "body")]
    [InlineData("{\"vehicleName\":\"a\",\"vehicleName\":\"b\"}", "vehicleName")]
    [InlineData("{\"year\":[]}", "year")]
    [InlineData("{\"year\":99999999999}", "year")]
    [InlineData("{\"equipmentList\":{\"equipment\":5}}", "equipmentList.equipment")]
    public async Task Patch_ThatCannotBeRead_NamesTheField(string body, string field)
    {
        var route = new BodyRoute("PATCH", $"/api/vehicles/{await host.CreateVehicleAsync()}", JsonTypeInfo.CreateJsonTypeInfo<object>(JsonSerializerOptions.Web), IsOptional: false);

        Assert.Empty(await FaultsAsync(route, body, field, mayBeAnotherRefusal: false));
    }

    private async Task<IEnumerable<string>> FaultsAsync(BodyRoute route, string body, string? field, bool mayBeAnotherRefusal)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        using var answer = await host.Administrator.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var told = $"{route.Method} {route.Path} {(body.Length > 80 ? body[..80] : body)}: {(int)answer.StatusCode} {text}";
        if ((int)answer.StatusCode is < 400 or >= 500)
        {
            return [told];
        }

        var problem = JsonDocument.Parse(text).RootElement;
        var errors = problem.TryGetProperty("errors", out var fields) ? fields.EnumerateObject().ToList() : [];
        var words = string.Join(' ', errors.SelectMany(error => error.Value.EnumerateArray()).Select(fault => fault.GetString()).Append(problem.GetProperty("detail").GetString()));
        return Framework().IsMatch(words) ? [$"in the framework's words: {told}"]
            : mayBeAnotherRefusal ? []
            : (int)answer.StatusCode != 400 || errors.Count == 0 ? [$"names no field: {told}"]
            : field is not null && !errors.Exists(error => error.Name == field || error.Name.StartsWith($"{field}.", StringComparison.Ordinal) || error.Name.StartsWith($"{field}[", StringComparison.Ordinal))
                ? [$"does not name {field}: {told}"] : [];
    }

    private IEnumerable<BodyRoute> Routes()
    {
        var options = host.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
               let accepts = endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>().LastOrDefault(known => known.RequestType is not null)
               where accepts is not null && accepts.ContentTypes.Contains("application/json")
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
               select new BodyRoute(method, PathOf(endpoint), options.GetTypeInfo(accepts.RequestType!), accepts.IsOptional);
    }

    private static string PathOf(RouteEndpoint endpoint) => Parameter().Replace(endpoint.RoutePattern.RawText!, match => match.Groups[1].Value switch
    {
        "businessEntity" => "chargecars",
        "numberType" => "order",
        "year" or "number" => "1",
        "token" or "key" or "action" => "none",
        _ => Guid.NewGuid().ToString(),
    });

    private static bool IsSet(JsonTypeInfo body, JsonPropertyInfo field) => field.Set is not null || field.AssociatedParameter is not null || body.CreateObject is null;

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"System\.|Microsoft|\.NET|\bparameter\b|LineNumber|BytePosition|deseriali[sz]|payload|converted|Path: |`\d|ChargeCars\.|JsonElement|depth|invalid start|Implicit")]
    private static partial Regex Framework();

    private sealed record BodyRoute(string Method, string Path, JsonTypeInfo Body, bool IsOptional);
}
