using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Testing.Fuzz;

/// <summary>What the host's own answers held, by the fields' names: requests that name real things get further than random ones.</summary>
public sealed class KnownValues(Random random)
{
    private const int MostOfAName = 40;
    private const int Deepest = 8;

    private readonly Dictionary<string, List<JsonNode?>> _byName = [];
    private readonly HashSet<string> _spared = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Never names these: a run that deactivated its own account could not go on.</summary>
    public void Spare(IEnumerable<string> values) => _spared.UnionWith(values);

    /// <summary>Takes what an answer holds.</summary>
    /// <param name="list">The list's address, which its items' ids are kept by too.</param>
    /// <param name="answer">The answer.</param>
    public void Learn(string list, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Learn(answer, 0);
        IEnumerable<JsonElement> listed = answer.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [answer];
        foreach (var item in listed)
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id))
            {
                Keep(list, id);
            }
        }
    }

    /// <summary>Keeps a value by a name.</summary>
    public void Keep(string name, string value) => Keep(name, JsonSerializer.SerializeToElement(value));

    /// <summary>Some value that stood by this name; null where there was none.</summary>
    public JsonNode? Any(string name) => _byName.TryGetValue(name, out var values) ? values[random.Next(values.Count)]?.DeepClone() : null;

    /// <summary>The id of something that a field such as <c>primaryContactId</c> can name, by the address of its list; null where there is none.</summary>
    public JsonNode? Named(string field)
    {
        var lists = _byName.Keys.Where(list => list.StartsWith('/') && Singular(list) is { Length: > 2 } one && field.EndsWith(one, StringComparison.OrdinalIgnoreCase)).ToList();
        return lists.Count == 0 ? null : Any(lists[random.Next(lists.Count)]);
    }

    // business-entities is of businessEntity.
    private static string Singular(string list)
    {
        var last = list[(list.LastIndexOf('/') + 1)..].Replace("-", "", StringComparison.Ordinal);
        return last.EndsWith("ies", StringComparison.Ordinal) ? $"{last[..^3]}y"
            : last.EndsWith("sses", StringComparison.Ordinal) ? last[..^2]
            : last.TrimEnd('s');
    }

    private void Learn(JsonElement element, int depth)
    {
        foreach (var field in element.EnumerateObject())
        {
            Keep(field.Name, field.Value);
            IEnumerable<JsonElement> inside = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().Take(5) : [field.Value];
            foreach (var inner in inside)
            {
                if (inner.ValueKind == JsonValueKind.Object && depth < Deepest)
                {
                    Learn(inner, depth + 1);
                }
            }
        }
    }

    private void Keep(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && _spared.Contains(value.GetString()!))
        {
            return;
        }

        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || value.GetRawText().Length > 2_000 || NodeOf(value) is not { } node)
        {
            return;
        }

        if (!_byName.TryGetValue(name, out var values))
        {
            _byName[name] = values = [];
        }

        if (values.Count < MostOfAName)
        {
            values.Add(node);
        }
        else
        {
            values[random.Next(MostOfAName)] = node;
        }
    }

    // Null where a name stands twice in an object, as a caller may have had it kept.
    private static JsonNode? NodeOf(JsonElement value)
    {
        try
        {
            return JsonNode.Parse(value.GetRawText(), documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (Exception fault) when (BodyMutation.IsUnreadable(fault))
        {
            return null;
        }
    }
}
