using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Tests.Relations.Addresses.Pdok;

/// <summary>PDOK's Locatieserver as far as it is used, over HTTP on this machine; what it holds is set by the test.</summary>
internal sealed class StandInPdok : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _app;

    private StandInPdok()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        // As a request delegate its result would be dropped.
        _app.MapGet("/search/v3_1/free", (Delegate)FreeAsync);
        _app.MapGet("/search/v3_1/reverse", (Delegate)FreeAsync);
    }

    /// <summary>Every address that it knows.</summary>
    public List<JsonObject> Docs { get; } = [];

    /// <summary>While it is set every request is answered so.</summary>
    public (int Status, string Body)? Refusal { get; set; }

    /// <summary>While it is set every request is sent on to this address.</summary>
    public string? SendsOnTo { get; set; }

    /// <summary>While it is set no request is answered.</summary>
    public bool IsSilent { get; set; }

    public string Address => $"{_app.Urls.Single()}/search/v3_1/";

    /// <summary>The query of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<StandInPdok> StartAsync()
    {
        var pdok = new StandInPdok();
        await pdok._app.StartAsync();
        return pdok;
    }

    /// <summary>An address in the service's own form; what it lacks is left out.</summary>
    public JsonObject Add(string street, int number, string? letter = null, string? addition = null, string postcode = "3435RA")
    {
        var doc = new JsonObject
        {
            ["type"] = "adres",
            ["straatnaam"] = street,
            ["huisnummer"] = number,
            ["postcode"] = postcode,
            ["woonplaatsnaam"] = "Nieuwegein",
            ["gemeentenaam"] = "Nieuwegein",
            ["provincienaam"] = "Utrecht",
            ["nummeraanduiding_id"] = (356200000000000L + Docs.Count).ToString("D16", CultureInfo.InvariantCulture),
            ["adresseerbaarobject_id"] = "0356010000000001",
            ["centroide_ll"] = "POINT(5.0998 52.0306)",
        };
        if (letter is not null)
        {
            doc["huisletter"] = letter;
        }

        if (addition is not null)
        {
            doc["huisnummertoevoeging"] = addition;
        }

        Docs.Add(doc);
        return doc;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> FreeAsync(HttpContext http)
    {
        _requests.Enqueue(Uri.UnescapeDataString(http.Request.QueryString.Value!));
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (SendsOnTo is { } elsewhere)
        {
            return Results.Redirect($"{elsewhere}free{http.Request.QueryString}");
        }

        if (Refusal is { } refusal)
        {
            return Results.Text(refusal.Body, "application/json", statusCode: refusal.Status);
        }

        var query = http.Request.Query;
        var filters = query["fq"].Where(filter => filter is not null).Select(filter => filter!.Split(':')).ToArray();
        var found = Docs.Where(doc => filters.All(filter => doc[filter[0]]?.ToString() == filter[1])).ToArray();
        var (start, rows) = (query.ContainsKey("start") ? int.Parse(query["start"]!, CultureInfo.InvariantCulture) : 0, int.Parse(query["rows"]!, CultureInfo.InvariantCulture));
        var body = new JsonObject
        {
            ["response"] = new JsonObject
            {
                ["numFound"] = found.Length,
                ["start"] = start,
                ["maxScore"] = 7.5,
                ["docs"] = new JsonArray([.. found.Skip(start).Take(rows).Select(doc => doc.DeepClone())]),
            },
        };
        return Results.Text(body.ToJsonString(), "application/json");
    }
}
