using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Testing.Fuzz;

/// <summary>Values as a schema asks for them, real ones of the host where there are any.</summary>
public sealed class SoundValues(ApiSchemas schemas, KnownValues known, Random random)
{
    private const int Deepest = 6;

    private static readonly string[] Unique = ["sku", "aircallId", "licensePlate", "deviceId", "serialNumber", "roleName"];

    private static readonly string[] Words = ["van", "Utrecht", "A-1-B", "de heer J. van 't Hof", "zonnepaneel", "test", "admin", "2026", "é", "x"];

    /// <summary>A value of the schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The field's or parameter's name.</param>
    /// <param name="depth">How deep in the body it stands.</param>
    public JsonNode? Make(JsonElement schema, string name, int depth = 0)
    {
        schema = schemas.Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return known.Any(name);
        }

        foreach (var choice in (string[])["oneOf", "anyOf", "allOf"])
        {
            if (schema.TryGetProperty(choice, out var options))
            {
                var sound = options.EnumerateArray().Where(option => !(option.TryGetProperty("type", out var type) && type.ValueEquals("null"))).ToList();
                return sound.Count == 0 ? null : Make(sound[random.Next(sound.Count)], name, depth + 1);
            }
        }

        return schema.TryGetProperty("enum", out var words) ? JsonNode.Parse(words[random.Next(words.GetArrayLength())].GetRawText()) : TypeOf(schema) switch
        {
            "object" => MakeObject(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Make(schema.TryGetProperty("items", out var items) ? items : default, name, depth + 1))]),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            "integer" => random.Next(3) > 0 && known.Any(name) is { } number ? number : JsonValue.Create(random.Next(100)),
            "number" => JsonValue.Create(Math.Round(random.NextDouble() * 90, 4)),
            "string" => MakeString(schema, name),
            _ => known.Any(name) ?? new JsonObject { ["resources"] = new JsonArray("vehicles.read") },
        };
    }

    /// <summary>A body that is shown as an example, whose references name what there is, and whose texts are its own every other time.</summary>
    public JsonNode? Fill(JsonElement example)
    {
        var filled = JsonNode.Parse(example.GetRawText());
        if (filled is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToList())
            {
                if (value is JsonValue text && text.TryGetValue<Guid>(out _))
                {
                    // What entityId names, entityType says.
                    var kind = name == "entityId" ? fields["entityType"]?.ToString() ?? name : name[..^"Id".Length];
                    fields[name] = known.Named(kind) ?? value.DeepClone();
                }
                else if (value is JsonValue word && word.TryGetValue<string>(out _) && Unique.Contains(name))
                {
                    // Another row may have this one.
                    fields[name] = $"{random.Next(1_000_000):000000}";
                }
            }
        }

        return filled;
    }

    /// <summary>The same as text, for an address or a header.</summary>
    public string MakeText(JsonElement schema, string name) => Make(schema, name) switch
    {
        JsonValue value => value.ToString(),
        _ => Words[random.Next(Words.Length)],
    };

    // Of several types a number is one, that may be written as text too.
    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return "";
        }

        var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!).ToList() : [type.GetString()!];
        return types.Find(one => one is "integer" or "number") ?? types.Find(one => one != "null") ?? "";
    }

    private JsonObject MakeObject(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(field => field.GetString()).ToHashSet() : [];
        foreach (var field in schemas.PropertiesOf(schema))
        {
            if (required.Contains(field.Name) || random.Next(10) < 7)
            {
                made[field.Name] = Make(field.Value, field.Name, depth + 1);
            }
        }

        return made;
    }

    private JsonNode? MakeString(JsonElement schema, string name)
    {
        var format = schema.TryGetProperty("format", out var stated) ? stated.GetString() : null;
        var now = DateTimeOffset.UtcNow.AddMinutes(-random.Next(60));
        return format switch
        {
            "uuid" => known.Any(name) ?? known.Named(name.EndsWith("Id", StringComparison.Ordinal) ? name[..^2] : name) ?? known.Any("id") ?? JsonValue.Create(Guid.NewGuid()),
            "date" => JsonValue.Create(now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            "date-time" => JsonValue.Create(now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            "time" => JsonValue.Create("08:30:00"),
            _ => random.Next(3) > 0 && known.Any(name) is { } real ? real : JsonValue.Create(Words[random.Next(Words.Length)]),
        };
    }
}
