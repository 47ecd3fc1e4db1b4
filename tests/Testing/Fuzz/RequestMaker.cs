using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Testing.Fuzz;

/// <summary>Makes requests of a route: each sound at first, then wrong in up to three places.</summary>
public sealed class RequestMaker(ApiSchemas schemas, KnownValues known, Random random)
{
    private const int MostMutations = 3;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly SoundValues _sound = new(schemas, known, random);

    /// <summary>A request that is right, as far as the description shows how.</summary>
    public FuzzRequest MakeSound(ApiRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Finish(new RequestDraft(route, _sound, known, random, asShown: true));
    }

    /// <summary>The next request of a route.</summary>
    public FuzzRequest Make(ApiRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var draft = new RequestDraft(route, _sound, known, random, asShown: random.Next(2) == 0);
        var mutations = random.Next(MostMutations + 1);
        for (var i = 0; i < mutations; i++)
        {
            Mutate(draft);
        }

        return Finish(draft);
    }

    private void Mutate(RequestDraft draft)
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3 when draft.Body is not null:
                draft.Body = BodyMutation.Apply(draft.Body, random);
                break;
            case 4 when draft.Body is not null:
                draft.RawBody = true;
                break;
            case 5 or 6:
                draft.MutateQuery();
                break;
            case 7:
                draft.MutatePath();
                break;
            case 8:
                var (name, values) = Edges.Headers[random.Next(Edges.Headers.Length)];
                draft.Headers.RemoveAll(header => header.Name == name);
                draft.Headers.Add((name, Pick(values)));
                break;
            case 9:
                draft.ContentType = Pick(Edges.ContentTypes);
                break;
            case 10 when random.Next(4) == 0:
                draft.Method = Pick(Methods);
                break;
            case 11 when random.Next(3) == 0:
                draft.Caller = FuzzCaller.Nobody;
                break;
            default:
                draft.Body ??= random.Next(5) == 0 ? Pick(Edges.Json) : null;
                draft.MutateQuery();
                break;
        }
    }

    private FuzzRequest Finish(RequestDraft draft)
    {
        var request = new FuzzRequest
        {
            Route = draft.Route,
            Method = draft.Method,
            PathAndQuery = draft.PathAndQuery,
            Caller = draft.Caller,
            Body = draft.Body is null ? null : draft.RawBody ? BodyMutation.Damage(Encoding.UTF8.GetBytes(draft.Body), random) : Encoding.UTF8.GetBytes(draft.Body),
            ContentType = draft.Body is null ? null : draft.ContentType,
        };
        request.Headers.AddRange(draft.Headers);
        if (draft.Caller == FuzzCaller.Nobody && random.Next(3) > 0)
        {
            request.Headers.Add(Pick(Edges.Credentials));
        }
        else if (random.Next(60) == 0)
        {
            // One credential too many.
            request.Headers.Add(Pick(Edges.Credentials));
        }

        return request;
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}

/// <summary>Makes a body wrong: a value, a name, or its bytes.</summary>
internal static class BodyMutation
{
    /// <summary>One part of the JSON replaced, added or left out.</summary>
    public static string Apply(string body, Random random)
    {
        try
        {
            return Apply(JsonNode.Parse(body, documentOptions: new() { AllowDuplicateProperties = false }), random);
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            // Wrong already.
            return body;
        }
    }

    private static string Apply(JsonNode? root, Random random)
    {
        var edge = Edges.Json[random.Next(Edges.Json.Length)];
        var places = Places(root).ToList();
        if (places.Count == 0 || random.Next(20) == 0)
        {
            return edge;
        }

        // What stands for the edge until it is text: no serializer would write half a surrogate pair.
        const string Mark = "@edge@";
        var (parent, name, index) = places[random.Next(places.Count)];
        switch (random.Next(8))
        {
            case 0 when parent is JsonObject fields:
                fields.Remove(name!);
                break;
            case 1 when parent is JsonObject fields:
                fields[$"{name}x"] = Mark;
                break;
            case 2 when parent is JsonObject fields && edge.StartsWith('"'):
                fields[Mark] = fields[name!]?.DeepClone();
                break;
            case 3 when parent is JsonArray items:
                items.Add((JsonNode)Mark);
                break;
            default:
                if (parent is JsonObject fields1)
                {
                    fields1[name!] = Mark;
                }
                else
                {
                    ((JsonArray)parent)[index] = Mark;
                }

                break;
        }

        return root!.ToJsonString().Replace($"\"{Mark}\"", edge, StringComparison.Ordinal);
    }

    /// <summary>What reading JSON throws: not JSON, a name twice, half a character.</summary>
    public static bool IsUnreadable(Exception fault) => fault is JsonException or InvalidOperationException or ArgumentException;

    /// <summary>The bytes cut, flipped, doubled, or preceded by a mark.</summary>
    public static byte[] Damage(byte[] body, Random random)
    {
        var at = random.Next(body.Length + 1);
        return random.Next(8) switch
        {
            0 => [],
            1 => body[..at],
            2 => [.. body[..at], 0xFF, .. body[at..]],
            3 => [.. body[..at], 0xED, 0xA0, 0x80, .. body[at..]],
            4 => [0xEF, 0xBB, 0xBF, .. body],
            5 => [.. body, .. body],
            6 => [.. body[..at], 0, .. body[at..]],
            _ => [.. body.Select((value, i) => i == at ? (byte)random.Next(256) : value)],
        };
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    yield return (fields, name, 0);
                    foreach (var inner in Places(value))
                    {
                        yield return inner;
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    yield return (items, null, i);
                    foreach (var inner in Places(items[i]))
                    {
                        yield return inner;
                    }
                }

                break;
        }
    }
}
