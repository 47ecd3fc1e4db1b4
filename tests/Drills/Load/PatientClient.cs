using System.Net;
using System.Text.Json;

namespace ChargeCars.Drills.Load;

/// <summary>What a request was answered in the end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Its JSON.</param>
/// <param name="Attempts">1: the first attempt was answered, so nothing of it can have been there before.</param>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, int Attempts)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>The problem's type without its path; empty for a success.</summary>
    public string Problem => Succeeded || !Body.TryGetProperty("type", out var type) ? "" : type.GetString()!.Split('/')[^1];
}

/// <summary>A client that repeats a request, the very same, until it is answered: as every caller of the API should.</summary>
internal sealed class PatientClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HttpClient _http;
    private readonly DrillReport _report;
    private int _repeated;

    public PatientClient(Uri url, string apiKey, DrillReport report)
    {
        _report = report;
        _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    /// <summary>Of the bodies; JSON where nothing else is said.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Requests that had to be sent again.</summary>
    public int Repeated => _repeated;

    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        var until = DateTime.UtcNow + Patience;
        for (var attempt = 1; DateTime.UtcNow < until; attempt++)
        {
            if (await TryAsync(method, path, body, headers, attempt) is { } answer)
            {
                return answer;
            }

            Interlocked.Increment(ref _repeated);
            await Task.Delay(Pause);
        }

        throw new TimeoutException($"{method} {path} was not answered within {Patience}.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null where it must be sent again.</summary>
    private async Task<Answer?> TryAsync(HttpMethod method, string path, byte[]? body, (string Name, string Value)[] headers, int attempt)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            if (body is not null)
            {
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new(ContentType) } };
            }

            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                return null;
            }

            if ((int)response.StatusCode >= 500)
            {
                // A database that is away is told as 503: a 500 tells a careful client to give up.
                _report.Violation($"{method} {path} was answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(text)}");
                return null;
            }

            var answer = new Answer(response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), attempt);
            return answer.Problem == "still-running" ? null : answer;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }
}
