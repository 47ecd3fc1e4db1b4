using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Telephony;

/// <summary>Aircall's API as far as it is used, over HTTP on this machine; what it holds is set by the test.</summary>
internal sealed class StandInAircall : IAsyncDisposable
{
    public const string Id = "an-api-id";
    public const string Token = "an-api-token";
    private const int PageSize = 50;

    private readonly WebApplication _app;
    private readonly Channel<(string Call, JsonElement Card)> _cards = Channel.CreateUnbounded<(string, JsonElement)>();
    private readonly ConcurrentQueue<string> _requests = new();

    private StandInAircall()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(AdmitAsync);
        _app.MapGet("/v1/calls", List);
        _app.MapGet("/v1/calls/{id}", (string id) => Calls.TryGetValue(id, out var call) ? Results.Json(new { call = call(Interlocked.Increment(ref _links)) }) : Results.NotFound());
        _app.MapGet("/v1/calls/{id}/{text}", (string id, string text) =>
            ForbidsTexts ? Results.StatusCode(403) : Texts.TryGetValue($"{id}/{text}", out var said) ? Results.Json(said) : Results.NotFound());
        _app.MapPost("/v1/calls/{id}/insight_cards", async (string id, JsonElement body) =>
        {
            await _cards.Writer.WriteAsync((id, body.Clone()));
            return Results.StatusCode(201);
        });
    }

    private int _links;

    /// <summary>By id: the call as it is answered, given a number that is another one in every answer, for its links.</summary>
    public ConcurrentDictionary<string, Func<int, object>> Calls { get; } = new();

    /// <summary>When each began, unix seconds.</summary>
    public ConcurrentDictionary<string, long> Started { get; } = new();

    /// <summary>By id of the call and name of the text, such as <c>12/summary</c>: the answer.</summary>
    public ConcurrentDictionary<string, object> Texts { get; } = new();

    /// <summary>Whether our account may not ask for texts.</summary>
    public bool ForbidsTexts { get; set; }

    /// <summary>While it is there every request is answered so.</summary>
    public (int Status, string? RetryAfter)? Refusal { get; set; }

    /// <summary>Seconds of which it lists no more than 10,000 calls at once; null: any.</summary>
    public long? LongestListed { get; set; }

    /// <summary>Path and query of every request that was let in.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public string Address => $"{_app.Urls.Single()}/v1";

    public static async Task<StandInAircall> StartAsync()
    {
        var aircall = new StandInAircall();
        await aircall._app.StartAsync();
        return aircall;
    }

    /// <summary>The next card that is shown on a phone.</summary>
    public ValueTask<(string Call, JsonElement Card)> CardAsync() => _cards.Reader.ReadAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.Authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Id}:{Token}"))}")
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (Refusal is var (status, retryAfter))
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
            return;
        }

        _requests.Enqueue($"{http.Request.Path}{http.Request.QueryString}");
        await next(http);
    }

    private IResult List(long from, long to, int page)
    {
        string[] found = [.. Started.Where(call => call.Value >= from && call.Value <= to).OrderBy(call => call.Value).Select(call => call.Key)];
        var total = LongestListed < to - from ? 20_000 : found.Length;
        var more = found.Length > page * PageSize;
        return Results.Json(new
        {
            meta = new { count = PageSize, total, current_page = page, per_page = PageSize, next_page_link = more ? $"{Address}/calls?page={page + 1}" : null },
            calls = found.Skip((page - 1) * PageSize).Take(PageSize).Select(id => Calls[id](Interlocked.Increment(ref _links))),
        });
    }
}
