using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Api.Platform.Feeds;
using Microsoft.Extensions.Options;
using Polly;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>Of what ULU did not serve us.</summary>
internal enum UluPart
{
    /// <summary>Anything: the login, the list of vehicles, or too many requests.</summary>
    Service,

    /// <summary>One vehicle; another may be served.</summary>
    Vehicle,

    /// <summary>One trip's points; those of another may be served.</summary>
    Trip,
}

/// <summary>ULU did not serve us; asking later may help.</summary>
internal sealed class UluException(UluPart part, string message, TimeSpan? retryAfter = null) : FeedException(message, retryAfter)
{
    /// <summary>Of what.</summary>
    public UluPart Part { get; } = part;
}

/// <summary>
/// ULU's API. Signs in when it must, and once more when a token is no longer taken. Throws <see cref="UluException"/> where it
/// does not serve; what it answers for one item alone (404, nonsense) is null.
/// </summary>
internal sealed class UluClient(IHttpClientFactory clients, IOptions<UluOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP client, whose handlers repeat what fails for a moment.</summary>
    public const string Http = "ulu";

    private string? _token;

    public async Task<IReadOnlyList<UluVehicle>> VehiclesAsync(CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(UluPart.Service, "vehicles", UluMessages.Vehicles, cancellation)
                ?? throw new UluException(UluPart.Service, "ULU does not list its vehicles.");
        }
        catch (UluException)
        {
            // It may be the token, and ULU say so by something else than 401: the next poll signs in anew.
            _token = null;
            throw;
        }
    }

    public Task<List<UluTrip>?> TripsAsync(string vehicle, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => GetAsync(
        UluPart.Vehicle, $"vehicles/{Uri.EscapeDataString(vehicle)}/trips?from_start_at={Moment(from)}&to_start_at={Moment(to)}", UluMessages.Trips, cancellation);

    public Task<UluPage?> PointsAsync(string vehicle, string trip, int page, CancellationToken cancellation)
    {
        var address = string.Create(
            CultureInfo.InvariantCulture, $"trips/{Uri.EscapeDataString(trip)}/trip_points?page={page}&limit={options.Value.PageSize}");
        return GetAsync(UluPart.Trip, address, answer => UluMessages.Points(answer, vehicle, page), cancellation);
    }

    private async Task<T?> GetAsync<T>(UluPart part, string path, Func<JsonElement, T> read, CancellationToken cancellation) where T : class
    {
        using var answer = await AuthorizedAsync(part, path, cancellation);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            // Who asks to be left alone means all of us.
            var retryAfter = RetryAfter(answer);
            throw new UluException(
                retryAfter is not null || answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests ? UluPart.Service : part,
                $"ULU answered {(int)answer.StatusCode} for {path}.", retryAfter);
        }

        using var document = await ParseAsync(answer, cancellation);
        return document is null ? null : read(document.RootElement);
    }

    private async Task<HttpResponseMessage> AuthorizedAsync(UluPart part, string path, CancellationToken cancellation)
    {
        var isNew = _token is null;
        _token ??= await SignInAsync(cancellation);
        var answer = await SendAsync(part, path, cancellation);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        answer.Dispose();
        _token = null;
        if (isNew)
        {
            throw new UluException(UluPart.Service, "ULU does not take the token that it has just given.");
        }

        _token = await SignInAsync(cancellation);
        return await SendAsync(part, path, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(UluPart part, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Token token={_token}");
        try
        {
            return await clients.CreateClient(Http).SendAsync(request, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or ExecutionRejectedException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Whoever gives no answer at all is not asked for the vehicle's other trips.
            throw new UluException(part == UluPart.Trip ? UluPart.Vehicle : part, $"ULU gave no answer for {path}: {fault.Message}");
        }
    }

    private async Task<string> SignInAsync(CancellationToken cancellation)
    {
        var user = new { email = options.Value.Email, password = options.Value.Password };
        using var content = JsonContent.Create(new { user });
        using var answer = await clients.CreateClient(Http).PostAsync(Address("sessions"), content, cancellation);
        using var document = answer.IsSuccessStatusCode ? await ParseAsync(answer, cancellation) : null;
        var token = document is null ? "" : UluMessages.Token(document.RootElement);
        return token.Length > 0 ? token
            : throw new UluException(
                UluPart.Service, $"ULU gives no session ({(int)answer.StatusCode}): are {UluOptions.Section}:Email and :Password right?", RetryAfter(answer));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - time.GetUtcNow() : null;

    /// <summary>Null where it is not JSON, or says itself that it failed.</summary>
    private static async Task<JsonDocument?> ParseAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var (document, _) = Trackers.TrackerJson.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        if (document is not null && Trackers.TrackerJson.Truth(document.RootElement, "success") is false)
        {
            document.Dispose();
            return null;
        }

        return document;
    }

    private Uri Address(string path) => new($"{options.Value.Address!.TrimEnd('/')}/{path}");

    private static string Moment(DateTimeOffset time) =>
        Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
