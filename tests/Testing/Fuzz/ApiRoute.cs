using System.Text.Json;

namespace ChargeCars.Testing.Fuzz;

/// <summary>A parameter as the API's description has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Schema">What it must be.</param>
public sealed record ApiParameter(string Name, string Place, JsonElement Schema);

/// <summary>A body as the API's description has it.</summary>
/// <param name="ContentTypes">What it may come as.</param>
/// <param name="Schema">What it must be.</param>
/// <param name="Example">A sound one; null where none is shown.</param>
public sealed record ApiBody(IReadOnlyList<string> ContentTypes, JsonElement Schema, JsonElement? Example);

/// <summary>A route as the API's description has it: what is new there is fuzzed without a word here.</summary>
public sealed record ApiRoute(string Method, string Path, IReadOnlyList<ApiParameter> Parameters, ApiBody? Body)
{
    /// <summary>Every route of a description.</summary>
    public static IReadOnlyList<ApiRoute> Read(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select new ApiRoute(operation.Name.ToUpperInvariant(), path.Name, ParametersOf(operation.Value), BodyOf(operation.Value)),
    ];

    /// <summary>Whether a sound body makes the host hash a password, which takes it a fifth of a second on purpose.</summary>
    public bool IsCostly(ApiSchemas schemas)
    {
        ArgumentNullException.ThrowIfNull(schemas);
        return Body is { } body && schemas.PropertiesOf(body.Schema).Any(field => field.Name is "password" or "currentPassword");
    }

    public override string ToString() => $"{Method} {Path}";

    private static IReadOnlyList<ApiParameter> ParametersOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Select(parameter => new ApiParameter(
            parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
            parameter.TryGetProperty("schema", out var schema) ? schema : default))]
        : [];

    private static ApiBody? BodyOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body) || !body.TryGetProperty("content", out var content))
        {
            return null;
        }

        var types = content.EnumerateObject().ToList();
        return new([.. types.Select(type => type.Name)], types[0].Value.TryGetProperty("schema", out var schema) ? schema : default,
            types[0].Value.TryGetProperty("example", out var example) ? example : null);
    }
}

/// <summary>The description's schemas, by their names.</summary>
public sealed class ApiSchemas(JsonElement document)
{
    private const string Prefix = "#/components/schemas/";

    private readonly JsonElement _named = document.TryGetProperty("components", out var components) && components.TryGetProperty("schemas", out var schemas)
        ? schemas
        : default;

    /// <summary>The schema itself, where it refers to another.</summary>
    public JsonElement Resolve(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference)
            && reference.GetString()!.StartsWith(Prefix, StringComparison.Ordinal)
            && _named.TryGetProperty(reference.GetString()![Prefix.Length..], out var named) ? named : schema;

    /// <summary>The fields of an object; none of anything else.</summary>
    public IEnumerable<JsonProperty> PropertiesOf(JsonElement schema) =>
        Resolve(schema) is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : [];
}
