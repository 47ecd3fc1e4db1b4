using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Drills.Calls;

/// <summary>
/// Twilio's API for messages on this machine, which outlives the hosts that are killed: takes messages, and can be asked for those that it took.
/// </summary>
internal sealed class StandInTwilio : IAsyncDisposable
{
    private readonly ProviderBook _book;
    private readonly ConcurrentQueue<(string To, string Body, string Sid, DateTime At)> _taken = new();
    private readonly WebApplication _web;

    private StandInTwilio(ProviderBook book)
    {
        _book = book;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        // As a delegate of any kind: a bare request delegate's result would be thrown away.
        _web.MapPost("/2010-04-01/Accounts/AC1/Messages.json", (Delegate)TakeAsync);
        _web.MapGet("/2010-04-01/Accounts/AC1/Messages.json", (string to) => Results.Json(new
        {
            messages = _taken.Where(one => one.To == to)
                .Select(one => new { sid = one.Sid, body = one.Body, date_created = one.At.ToString("r", CultureInfo.InvariantCulture) }),
        }));
    }

    public string Address => _web.Urls.First();

    public static async Task<StandInTwilio> StartAsync(ProviderBook book)
    {
        var twilio = new StandInTwilio(book);
        await twilio._web.StartAsync();
        return twilio;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var (to, body, sid) = ($"{form["To"]}", $"{form["Body"]}", $"SM{Guid.NewGuid():n}");
        // It is in the list from the moment on in which it is taken, whether its sender hears of that or not.
        var turn = _book.TakeAsync(body.Trim());
        if (_book.Records[body.Trim()].Taken > 0 && !_taken.Any(one => one.Body == body))
        {
            _taken.Enqueue((to, body, sid, DateTime.UtcNow));
        }

        switch (await turn)
        {
            case ProviderTurn.TakesInSilence:
                http.Abort();
                return Results.Empty;
            case ProviderTurn.RefusesForNow:
                return Results.Json(new { code = 20429, message = "slow down" }, statusCode: 429);
            case ProviderTurn.Refuses:
                return Results.Json(new { code = 21610, message = "opted out" }, statusCode: 400);
            default:
                return Results.Json(new { sid, status = "queued" }, statusCode: 201);
        }
    }
}
