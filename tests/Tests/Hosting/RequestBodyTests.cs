using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the bodies of all routes have in common.</summary>
[Collection(HostCollection.Name)]
public sealed partial class RequestBodyTests(RunningHost host)
{
    [Fact]
    public async Task Bodies_OfEveryRoute_NameNoAddressToFetch()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var (open, seen, fields) = (new Queue<JsonElement>(), new HashSet<string>(), new HashSet<string>());
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            if (operation.Value.TryGetProperty("requestBody", out var body))
            {
                open.Enqueue(body);
            }
        }

        while (open.TryDequeue(out var part))
        {
            foreach (var (name, value) in Children(part))
            {
                if (name == "properties")
                {
                    fields.UnionWith(value.EnumerateObject().Select(field => field.Name));
                }
                else if (name == "$ref" && seen.Add(value.GetString()!))
                {
                    open.Enqueue(schemas.GetProperty(value.GetString()!.Split('/')[^1]));
                }

                open.Enqueue(value);
            }
        }

        Assert.Contains("licensePlate", fields); // they were looked at
        Assert.DoesNotContain(fields, field => Address().IsMatch(field));
    }

    private static IEnumerable<(string Name, JsonElement Value)> Children(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().Select(child => (child.Name, child.Value)),
        JsonValueKind.Array => part.EnumerateArray().Select(child => ("", child)),
        _ => [],
    };

    [GeneratedRegex("(url|uri|href|webhook|callback|endpoint|host)$", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
