using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ChargeCars.Api.Platform.Http;

/// <summary>JSON merge patch (RFC 7396): null removes, objects merge, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>
    /// <paramref name="current"/> with the patch applied, read as a <typeparamref name="T"/>: a field that
    /// <typeparamref name="T"/> does not have is refused by name. Throws <see cref="JsonException"/>.
    /// </summary>
    public static T Apply<T>(T current, JsonElement patch, JsonSerializerOptions options)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("must be a JSON object with the fields to change");
        }

        var target = Merge(JsonSerializer.SerializeToNode<T>(current, options), JsonObject.Create(patch));
        foreach (var field in patch.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Null && !Has<T>(field.Name, options)))
        {
            // There is nothing to remove: refused by name, as with any other value.
            target![field.Name] = null;
        }

        return target.Deserialize<T>(options)!;
    }

    private static bool Has<T>(string name, JsonSerializerOptions options) => options.GetTypeInfo(typeof(T)) is not { Kind: JsonTypeInfoKind.Object } type
        || type.Properties.Any(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                // Removed: T's own default applies when it is read.
                merged.Remove(name);
            }
            else
            {
                var before = merged[name];
                merged.Remove(name);
                merged[name] = Merge(before, value);
            }
        }

        return merged;
    }
}
