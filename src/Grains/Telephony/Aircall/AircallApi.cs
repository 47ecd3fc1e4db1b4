using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Platform.Reading;
using ChargeCars.Telephony.Calls;
using Microsoft.Extensions.Options;

namespace ChargeCars.Telephony.Aircall;

/// <summary>A page of calls as Aircall knows them.</summary>
/// <param name="Calls">Those that could be read.</param>
/// <param name="Total">How many all pages have.</param>
/// <param name="HasMore">Whether there is a next page.</param>
internal sealed record AircallPage(IReadOnlyList<CallEvent> Calls, int Total, bool HasMore);

/// <summary>A line of the card that an agent's own phone shows, in Aircall's words for it.</summary>
/// <param name="Type"><c>title</c>, <c>shortText</c> or <c>link</c>.</param>
/// <param name="Text">What it says.</param>
/// <param name="Label">What is above it.</param>
internal sealed record InsightLine(string Type, string Text, string? Label);

/// <summary>
/// Aircall's API. Where it does not serve us the error is a <see cref="TryAgain"/> with the time that it asks for; what it does not have is
/// <see cref="NotFound"/>.
/// </summary>
internal sealed class AircallApi(IHttpClientFactory clients, IOptions<AircallApiOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP client: no redirects, as the token would go along, and no log of who called.</summary>
    public const string Http = "aircall";

    /// <summary>Aircall lists no more of one question, however many pages are asked for.</summary>
    public const int MostListed = 10_000;

    private const int PageSize = 50;
    private const int WaitForOurFault = 600;
    private const int WaitForTheirs = 30;

    /// <summary>Whether it is configured.</summary>
    public bool IsEnabled => options.Value.IsEnabled;

    /// <summary>The calls that began in a time, the first ones first. Aircall counts whole seconds.</summary>
    /// <param name="from">UTC.</param>
    /// <param name="to">UTC.</param>
    /// <param name="page">From 1.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<AircallPage>> ListAsync(DateTimeOffset from, DateTimeOffset to, int page, CancellationToken cancellation)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"calls?from={from.ToUnixTimeSeconds()}&to={to.ToUnixTimeSeconds()}&order=asc&per_page={PageSize}&page={page}");
        var answer = await AskAsync(HttpMethod.Get, path, null, cancellation);
        if (!answer.Succeeded)
        {
            return answer.Error;
        }

        var meta = answer.Value.Member("meta");
        var calls = answer.Value.Member("calls");
        return calls is not { ValueKind: JsonValueKind.Array } || meta is null
            ? new TryAgain("Aircall's list of calls could not be read.", WaitForTheirs)
            : new AircallPage(
                [.. calls.Items().Select(Read).OfType<CallEvent>()], meta.Member("total").Integer() ?? 0, meta.Text("next_page_link") is not null);
    }

    /// <summary>A call as Aircall knows it now, with links to what was said that were made just now.</summary>
    public async Task<Result<CallEvent>> FindAsync(string callId, CancellationToken cancellation)
    {
        var answer = await AskAsync(HttpMethod.Get, $"calls/{Uri.EscapeDataString(callId)}", null, cancellation);
        return !answer.Succeeded ? answer.Error
            : answer.Value.Member("call") is { } call && Read(call) is { } read && read.CallId == callId ? read
            : new TryAgain("Aircall's answer about the call could not be read.", WaitForTheirs);
    }

    /// <summary>A text of what was said in a call; not found where Aircall made none.</summary>
    public async Task<Result<CallText>> FindTextAsync(string callId, CallTextKind kind, CancellationToken cancellation)
    {
        var (path, member) = AircallTexts.PlaceOf(kind);
        // An account that has no texts at all is forbidden to ask for them.
        var answer = await AskAsync(HttpMethod.Get, $"calls/{Uri.EscapeDataString(callId)}/{path}", null, cancellation, forbidden: new NotFound(path, callId));
        return !answer.Succeeded ? answer.Error
            : AircallTexts.Read(kind, answer.Value.Member(member)) is { } text ? text
            : new NotFound(path, callId);
    }

    /// <summary>Shows a card on the phones of those whom a call rings at.</summary>
    public async Task<Error?> ShowAsync(string callId, IReadOnlyList<InsightLine> lines, CancellationToken cancellation)
    {
        using var body = JsonContent.Create(new { contents = lines.Select(line => new { type = line.Type, text = line.Text, label = line.Label }) });
        return (await AskAsync(HttpMethod.Post, $"calls/{Uri.EscapeDataString(callId)}/insight_cards", body, cancellation)).Error;
    }

    private CallEvent? Read(JsonElement call) => AircallCalls.Read(call, CallEventKind.Snapshot, time.GetUtcNow());

    private async Task<Result<JsonElement>> AskAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellation, Error? forbidden = null)
    {
        using var request = new HttpRequestMessage(method, $"{options.Value.Address.TrimEnd('/')}/{path}") { Content = body };
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Value.ApiId}:{options.Value.ApiToken}")));
        try
        {
            using var answer = await clients.CreateClient(Http).SendAsync(request, cancellation);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => LooseJson.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation)) ?? default,
                404 => new NotFound("call", path),
                403 when forbidden is not null => forbidden,
                401 or 403 => new TryAgain(
                    $"Aircall does not take our credentials: {AircallApiOptions.Section}:ApiId and :ApiToken must be those of its dashboard.", WaitForOurFault),
                429 => new TryAgain("Aircall asks us to wait.", Wait(answer.Headers.RetryAfter)),
                >= 400 and < 500 and var status => new Conflict("aircall_refused", $"Aircall refused it with {status}."),
                var status => new TryAgain($"Aircall answered {status}.", Wait(answer.Headers.RetryAfter)),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new TryAgain("Aircall gave no answer.", WaitForTheirs);
        }
    }

    private int Wait(RetryConditionHeaderValue? asked) =>
        (int)Math.Clamp((asked?.Delta ?? asked?.Date - time.GetUtcNow())?.TotalSeconds ?? WaitForTheirs, 1, 3_600);
}
