using System.Text;
using System.Text.RegularExpressions;

namespace ChargeCars.Testing.Fuzz;

/// <summary>A request in the making, sound at first.</summary>
internal sealed partial class RequestDraft
{
    private readonly Random _random;
    private readonly KnownValues _known;
    private readonly List<(string Name, string Value)> _path = [];
    private readonly List<(string Name, string Value)> _query = [];

    public RequestDraft(ApiRoute route, SoundValues sound, KnownValues known, Random random, bool asShown)
    {
        (Route, Method, _known, _random) = (route, route.Method, known, random);
        Caller = random.Next(3) == 0 ? FuzzCaller.Program : FuzzCaller.Person;
        foreach (var parameter in route.Parameters)
        {
            switch (parameter.Place)
            {
                case "path":
                    _path.Add((parameter.Name, Escape(ValueInPath(parameter, sound))));
                    break;
                case "query" when !asShown && random.Next(3) == 0:
                    _query.Add((parameter.Name, Escape(parameter.Name == "cursor" ? Cursor() : sound.MakeText(parameter.Schema, parameter.Name))));
                    break;
                case "header" when parameter.Name == "If-Match":
                    Headers.Add((parameter.Name, random.Next(3) == 0 ? "*" : $"\"{random.Next(1, 4)}\""));
                    break;
                case "header" when random.Next(4) == 0:
                    Headers.Add((parameter.Name, $"fuzz {random.Next(200)}"));
                    break;
            }
        }

        if (route.Body is { } body)
        {
            Body = (asShown && body.Example is { } example ? sound.Fill(example) : sound.Make(body.Schema, ""))?.ToJsonString() ?? "{}";
            ContentType = body.ContentTypes[random.Next(body.ContentTypes.Count)];
        }
    }

    public ApiRoute Route { get; }

    public string Method { get; set; }

    public FuzzCaller Caller { get; set; }

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>JSON, or what was made of it; null for none.</summary>
    public string? Body { get; set; }

    /// <summary>Whether its bytes are damaged too.</summary>
    public bool RawBody { get; set; }

    public string ContentType { get; set; } = "application/json";

    public string PathAndQuery
    {
        get
        {
            var path = Place().Replace(Route.Path, match => _path.Find(value => value.Name == match.Groups[1].Value).Value ?? "x");
            return _query.Count == 0 ? path : $"{path}?{string.Join('&', _query.Select(pair => $"{pair.Name}={pair.Value}"))}";
        }
    }

    public void MutatePath()
    {
        if (_path.Count > 0)
        {
            var at = _random.Next(_path.Count);
            _path[at] = (_path[at].Name, Edge(inPath: true));
        }
    }

    public void MutateQuery()
    {
        var known = Route.Parameters.Where(parameter => parameter.Place == "query").Select(parameter => parameter.Name).ToList();
        var name = known.Count > 0 && _random.Next(6) > 0 ? known[_random.Next(known.Count)] : Escape(Edges.Text[_random.Next(Edges.Text.Length)]);
        if (_random.Next(6) > 0)
        {
            _query.RemoveAll(pair => pair.Name == name);
        }

        _query.Add((name, name == "cursor" && _random.Next(2) == 0 ? Escape(Cursor()) : Edge(inPath: false)));
    }

    private string ValueInPath(ApiParameter parameter, SoundValues sound)
    {
        var before = Route.Path[..Route.Path.IndexOf($"/{{{parameter.Name}}}", StringComparison.Ordinal)];
        return (_random.Next(8) > 0 ? _known.Any(before) : null)?.ToString() ?? sound.MakeText(parameter.Schema, parameter.Name);
    }

    private string Edge(bool inPath) => _random.Next(5) > 0 ? Escape(Edges.Text[_random.Next(Edges.Text.Length)])
        : !inPath && _random.Next(4) == 0 ? Edges.EscapedNul
        : Edges.Escaped[_random.Next(Edges.Escaped.Length)];

    /// <summary>A cursor of the host's, or one that looks like it: of another order, or of a value of another type.</summary>
    private string Cursor()
    {
        if (_random.Next(3) == 0 && _known.Any("nextCursor") is { } real)
        {
            return real.ToString();
        }

        string[] orders = ["createdAt", "-createdAt", "name", "licensePlate", "roleName", "-year", "sequence", "-fixTime"];
        string[] values = [.. Edges.Json.Where(edge => edge.Length < 100), "\"2026-11-29T19:00:00.0000000Z\""];
        var text = $$"""{"Sort":"{{orders[_random.Next(orders.Length)]}}","Value":{{values[_random.Next(values.Length)]}},"Id":"{{Guid.NewGuid()}}"}""";
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    // Half a surrogate pair can't be escaped: it becomes the replacement character.
    private static string Escape(string text) => Uri.EscapeDataString(text);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}
