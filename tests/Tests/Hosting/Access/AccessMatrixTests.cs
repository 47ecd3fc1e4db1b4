using ChargeCars.Api.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using System.Net.Http.Json;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>
/// Every route × every seeded role, every limit and programs × own and foreign object. The routes and what they state come
/// out of the running host, what a role may out of its row; <see cref="RouteTable"/> says how a route is asked well.
/// </summary>
[Collection(MatrixCollection.Name)]
public sealed class AccessMatrixTests(MatrixHost matrix)
{
    [Fact]
    public void Route_WithoutACase_IsNamed()
    {
        var routes = HostRoute.All(matrix.Host).ToList();

        // The common routes of every kind have their own test (EntityMannerTests).
        var common = matrix.Host.Services.GetServices<IEntityRoutes>().Where(kind => kind.Table != "geofence").Select(kind => kind.Route).ToList();
        var unknown = routes.Where(route => Find(route) is null && !common.Exists(start => route.Pattern == $"{start}/" || route.Pattern.StartsWith($"{start}/{{id:guid}}", StringComparison.Ordinal))).Select(route => $"{route}: say in RouteTable how it is asked well, and what it answers.");
        var gone = RouteTable.Cases.Where(known => !routes.Any(route => known.Covers(route.ToString()))).Select(known => $"{known.Route}: there is no such route any more.");

        Assert.Empty(unknown.Concat(gone));
    }

    [Fact]
    public async Task Routes_OfEveryCallerAndObject_AnswerAsDeclared()
    {
        var routes = Known();

        var runs = matrix.Personas.Select(persona => new MatrixRun(matrix.Host, persona, routes)).ToList();
        var faults = new List<string>();
        foreach (var run in runs)
        {
            faults.AddRange(await run.RunAsync());
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(runs.Sum(run => run.Asked) > 1_000, $"only {runs.Sum(run => run.Asked)} were asked");
    }

    [Fact]
    public async Task Keys_OfEachSetOfPermissions_OpenTheirRoutesAndNoOther()
    {
        var routes = Known().Where(route => !route.Route.Open && !route.Case.Harms).ToList();
        var faults = new List<string>();
        foreach (var permissions in routes.Select(route => route.Route.Permissions).Where(set => set.Length > 0).DistinctBy(set => string.Join(' ', set)))
        {
            using var key = await Persona.OfKeyAsync(matrix.Host, $"a key with {string.Join(' ', permissions)}", permissions);
            faults.AddRange(await new MatrixRun(matrix.Host, key, routes).RunAsync());
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Routes_WithoutCredentials_AreClosedButForThoseThatSaySo()
    {
        using var stranger = matrix.Host.Anonymous();
        var things = new Things(matrix.Host, matrix.Personas[0]);
        var faults = new List<string>();
        foreach (var (route, known) in Known())
        {
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.PathFor(known, Things.Nobodys(known.Thing)));
            request.Content = known.Body is { } body ? JsonContent.Create(await body(things, Things.Nobodys(known.Thing))) : null;
            using var answer = await stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if ((int)answer.StatusCode != (route.Open ? known.Answer : 401))
            {
                faults.Add($"{route}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(faults);
    }

    private List<(HostRoute Route, RouteCase Case)> Known() =>
        [.. HostRoute.All(matrix.Host).Select(route => (route, Case: Find(route))).Where(pair => pair.Case is not null).Select(pair => (pair.route, pair.Case!))];

    // One by its own name goes before one that covers many.
    private static RouteCase? Find(HostRoute route) =>
        RouteTable.Cases.Where(known => known.Covers(route.ToString())).MaxBy(known => known.Route == route.ToString() ? int.MaxValue : known.Route.Length);
}
