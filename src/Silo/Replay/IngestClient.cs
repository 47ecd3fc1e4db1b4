using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Silo.Replay;

/// <summary>
/// Posts to a host until it has answered: an overloaded, restarting or unreachable host is asked again, so that a
/// replay loses nothing. Requests go one after the other, which keeps the order of every vehicle's fixes.
/// </summary>
/// <param name="http">With the host's address as its base.</param>
/// <param name="note">Told about every wait and its cause.</param>
internal sealed class IngestClient(HttpClient http, Credential credential, TimeProvider time, Action<string> note)
{
    // A host that has answered once will come back; one that never did is more likely a mistyped address.
    private static readonly TimeSpan PatienceBeforeFirstAnswer = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private bool _answeredOnce;
    private string? _accessToken;

    public async Task<IngestAnswer> SendPositionsAsync(IReadOnlyList<ScheduledFix> batch, CancellationToken cancellation)
    {
        var answer = await AuthorizedAsync("api/telemetry/positions", PositionsBody.Of(batch), cancellation);
        if (answer.Status != HttpStatusCode.OK) throw Refused("api/telemetry/positions", answer);
        return Parse<IngestAnswer>("api/telemetry/positions", answer);
    }

    /// <returns>False: it exists already.</returns>
    public async Task<bool> CreateVehicleAsync(string licensePlate, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { licensePlate, vehicleType = "van", vehicleName = licensePlate });
        var answer = await AuthorizedAsync("api/vehicles", body, cancellation);
        return answer.Status switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK => true,
            HttpStatusCode.Conflict => false,
            _ => throw Refused("api/vehicles", answer),
        };
    }

    private async Task<Answer> AuthorizedAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (credential is Credential.Login login && _accessToken is null) await LogInAsync(login, cancellation);
        var answer = await PostAsync(path, body, cancellation);
        if (answer.Status != HttpStatusCode.Unauthorized || credential is not Credential.Login again) return answer;

        // An access token is short-lived; a replay at speed 1 may take the whole day.
        await LogInAsync(again, cancellation);
        return await PostAsync(path, body, cancellation);
    }

    private async Task LogInAsync(Credential.Login login, CancellationToken cancellation)
    {
        _accessToken = null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { email = login.Email, password = login.Password });
        var answer = await PostAsync("api/auth/login", body, cancellation);
        if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new ReplayException($"The login in {login.Source} is refused (another database, or a changed password?). Pass --key instead.");
        }

        if (answer.Status != HttpStatusCode.OK) throw Refused("api/auth/login", answer);
        _accessToken = Parse<LoginAnswer>("api/auth/login", answer).AccessToken
            ?? throw new ReplayException($"The login in {login.Source} asks for a second factor. Pass --key instead.");
    }

    private async Task<Answer> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var began = time.GetUtcNow();
        for (var backoff = FirstBackoff; ; backoff = TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, LongestBackoff.Ticks)))
        {
            string cause;
            var wait = backoff;
            try
            {
                using var request = Request(path, body);
                using var response = await http.SendAsync(request, cancellation);
                _answeredOnce = true;
                if (!IsPassing(response.StatusCode))
                {
                    return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
                }

                cause = $"{http.BaseAddress} answers {(int)response.StatusCode}";
                if (Asked(response.Headers.RetryAfter) is { } asked && asked > TimeSpan.Zero) wait = asked;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // The request may have been stored although its answer was lost: sent again, it counts as duplicates.
                cause = $"{http.BaseAddress} can't be reached ({failure.GetBaseException().Message})";
                if (!_answeredOnce && time.GetUtcNow() - began >= PatienceBeforeFirstAnswer) throw new ReplayException($"{cause}. Is the host running, and --url right?", failure);
            }

            note($"{cause}; trying again in {wait.TotalSeconds:0.#} s");
            await Task.Delay(wait, time, cancellation);
        }
    }

    private HttpRequestMessage Request(string path, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (credential is Credential.ApiKey { Key: var key }) request.Headers.Add("X-Api-Key", key);
        else if (_accessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _accessToken);
        return request;
    }

    // 502 and 504 are what a proxy says of a host that is being restarted.
    private static bool IsPassing(HttpStatusCode status) => status
        is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    private TimeSpan? Asked(RetryConditionHeaderValue? retryAfter) => retryAfter?.Delta ?? retryAfter?.Date - time.GetUtcNow();

    private T Parse<T>(string path, Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Body, JsonSerializerOptions.Web) ?? throw new JsonException("null");
        }
        catch (JsonException foreign)
        {
            throw new ReplayException($"{http.BaseAddress}{path} gives an answer that is not ChargeCars'. Is --url right?", foreign);
        }
    }

    private ReplayException Refused(string path, Answer answer)
    {
        var hint = answer.Status switch
        {
            HttpStatusCode.Unauthorized => " The key is not accepted: is it complete, and neither expired nor deleted?",
            HttpStatusCode.Forbidden => " The key lacks the permission for this.",
            _ => "",
        };
        return new ReplayException($"POST {http.BaseAddress}{path} is refused with {(int)answer.Status}: {Detail(answer.Body)}{hint}");
    }

    private static string Detail(string body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<Problem>(body, JsonSerializerOptions.Web);
            return problem?.Detail ?? problem?.Title ?? "no reason given.";
        }
        catch (JsonException)
        {
            return "no reason given.";
        }
    }

    private sealed record Answer(HttpStatusCode Status, string Body);

    private sealed record LoginAnswer(string? AccessToken);

    private sealed record Problem(string? Title, string? Detail);
}
