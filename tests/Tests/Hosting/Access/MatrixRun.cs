using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>Asks one persona's row of the matrix; what is not as declared is a fault in words.</summary>
internal sealed class MatrixRun(RunningHost host, Persona persona, IReadOnlyList<(HostRoute Route, RouteCase Case)> routes)
{
    private readonly Things _things = new(host, persona);
    private readonly List<string> _faults = [];

    /// <summary>How many requests were made.</summary>
    public int Asked { get; private set; }

    public async Task<IReadOnlyList<string>> RunAsync()
    {
        foreach (var (route, known) in routes)
        {
            if (known.Costly && persona.Role is not ("admin" or "viewer" or null))
            {
                continue;
            }

            var may = route.Open || persona.May(route.Permissions);
            if (route.KeyInPath)
            {
                // Another credential beside the one in the path: two are one too many.
                await ExpectAsync(route, known, "a key in the path", Things.Nobodys(known.Thing), 401);
            }
            else if (may)
            {
                await AllowedAsync(route, known);
            }
            else
            {
                await DeniedAsync(route, known);
            }
        }

        return _faults;
    }

    // Whatever the object: who may not is told what is missing, and nothing of what there is.
    private async Task DeniedAsync(HostRoute route, RouteCase known)
    {
        var id = await _things.OwnAsync(known.Thing, anew: false) ?? Things.Nobodys(known.Thing);
        var text = await ExpectAsync(route, known, "own", id, 403);
        // An answer to HEAD has no body to say it in.
        if (text is not null && route.Method != "HEAD" && JsonNode.Parse(text)?["permission"]?.GetValue<string>() is var named && !route.Permissions.Contains(named))
        {
            _faults.Add($"{route} {persona}: 403 does not name what is missing: {text}");
        }
    }

    private async Task AllowedAsync(HostRoute route, RouteCase known)
    {
        var expected = known.Expected(persona);
        if (known.IsForOthers(persona))
        {
            await ExpectAsync(route, known, "nobody's", Things.Nobodys(known.Thing), expected);
            return;
        }

        // There before the list is asked for.
        var listed = (Own: await _things.OwnAsync(known.Lists, anew: false), Foreign: await _things.ForeignAsync(known.Lists));
        if (await _things.OwnAsync(known.Thing, anew: known.UsesUp) is { } own)
        {
            if (await ExpectAsync(route, known, "own", own, expected) is { } text && known.Lists != Thing.None && expected == 200)
            {
                CheckList(route, known, text, listed.Own, listed.Foreign);
            }
        }

        if (known.Thing == Thing.None)
        {
            return;
        }

        var nobodys = Things.Nobodys(known.Thing);
        var unknown = await ExpectAsync(route, known, "nobody's", nobodys, known.Foreign);
        if (await _things.ForeignAsync(known.Thing) is { } id)
        {
            var told = await ExpectAsync(route, known, "foreign", id, known.Foreign);
            if (told is not null && unknown is not null && Shape(told, id) != Shape(unknown, nobodys))
            {
                _faults.Add($"{route} {persona}: a foreign {known.Thing} is told apart from one that nobody has: {told} and {unknown}");
            }
        }
    }

    private void CheckList(HostRoute route, RouteCase known, string text, string? own, string? foreign)
    {
        if (known.ListsOwn && own is not null && !text.Contains(own, StringComparison.Ordinal))
        {
            _faults.Add($"{route} {persona}: does not list the own {known.Lists} {own}");
        }

        if (foreign is not null && text.Contains(foreign, StringComparison.Ordinal))
        {
            _faults.Add($"{route} {persona}: lists the foreign {known.Lists} {foreign}");
        }
    }

    /// <summary>The body of the answer, where it is what was expected.</summary>
    private async Task<string?> ExpectAsync(HostRoute route, RouteCase known, string whose, string id, int expected)
    {
        if (route.PathFor(known, id) is not { } path)
        {
            _faults.Add($"{route}: a parameter has no value. Give it one in RouteTable, or say which Thing it names.");
            return null;
        }

        Asked++;
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        if (route.Method is "PATCH" or "PUT" or "DELETE")
        {
            request.Headers.IfMatch.Add(new($"\"{await _things.VersionAsync(known.Thing, id)}\""));
        }

        if (known.Body is { } body)
        {
            request.Content = JsonContent.Create(await body(_things, id), mediaType: new(route.Method == "PATCH" ? "application/merge-patch+json" : "application/json"));
        }

        var harmed = known.Harms ? await _things.TwinAsync() : null;
        using var answer = await (harmed ?? persona.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (harmed != persona.Client)
        {
            harmed?.Dispose();
        }

        // What goes on for ever is not read: the dashboard's log.
        var text = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? await answer.Content.ReadAsStringAsync() : "";
        if (text.Contains("0001-01-01", StringComparison.Ordinal))
        {
            _faults.Add($"{route} {persona}, {whose}: names a time that nobody set: {text[..Math.Min(text.Length, 300)]}");
        }

        if ((int)answer.StatusCode == expected)
        {
            return text;
        }

        _faults.Add($"{route} {persona}, {whose}: {(int)answer.StatusCode} and not {expected}. {text[..Math.Min(text.Length, 300)]}");
        return null;
    }

    private static string Shape(string text, string id)
    {
        var body = JsonNode.Parse(text)!.AsObject();
        body.Remove("traceId");
        return body.ToJsonString().Replace(id, "…", StringComparison.OrdinalIgnoreCase);
    }
}
