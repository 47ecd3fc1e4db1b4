using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>ULU's API as far as it is used, over HTTP on this machine; what it holds is set by the test.</summary>
internal sealed class StandInUlu : IAsyncDisposable
{
    public const string Email = "planner@example.nl";
    public const string Password = "very-secret-passphrase";

    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _app;
    private int _sessions;
    private int _failing;
    private int _refused;

    private StandInUlu()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(KeepAsync);
        _app.MapPost("/api/v1/sessions", SignIn);
        _app.MapGet("/api/v1/vehicles", () => Json($$"""{"success":true,"vehicles":[{{string.Join(',', Vehicles.Values)}}]}"""));
        _app.MapGet("/api/v1/vehicles/{id}/trips", TripsOf);
        _app.MapGet("/api/v1/trips/{id}/trip_points", PointsOf);
    }

    /// <summary>By id, as JSON.</summary>
    public ConcurrentDictionary<string, string> Vehicles { get; } = new();

    /// <summary>By the vehicle's id, as JSON.</summary>
    public ConcurrentDictionary<string, string[]> Trips { get; } = new();

    /// <summary>By the trip's id, as JSON; a trip without is answered 422.</summary>
    public ConcurrentDictionary<string, string[]> Points { get; } = new();

    /// <summary>Paths after <c>/api/v1/</c> that are answered 500.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = new();

    /// <summary>While it is there every request is answered so.</summary>
    public (int Status, string RetryAfter)? Refusal { get; set; }

    /// <summary>Where every request is sent on to; null for nowhere.</summary>
    public string? MovedTo { get; set; }

    /// <summary>Requests that were answered by <see cref="Refusal"/>.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>The answer to a token that is no longer taken.</summary>
    public int ExpiredStatus { get; set; } = StatusCodes.Status401Unauthorized;

    /// <summary>Points in a page at most, whatever is asked for; null for as many as are asked for.</summary>
    public int? PageSize { get; set; }

    /// <summary>Whether a page says that there are more.</summary>
    public bool SaysMore { get; set; } = true;

    public string Address => $"{_app.Urls.Single()}/api/v1";

    /// <summary>Method, path and query of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public int Sessions => Volatile.Read(ref _sessions);

    public static async Task<StandInUlu> StartAsync()
    {
        var ulu = new StandInUlu();
        await ulu._app.StartAsync();
        return ulu;
    }

    /// <summary>The tokens given so far are no longer taken.</summary>
    public void ForgetTokens() => Interlocked.Increment(ref _sessions);

    /// <summary>The next requests are answered 503.</summary>
    public void Fail(int requests) => Volatile.Write(ref _failing, requests);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task KeepAsync(HttpContext http, RequestDelegate next)
    {
        if (Interlocked.Decrement(ref _failing) >= 0)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (MovedTo is { } elsewhere)
        {
            // 307 keeps the method and the body: the password would go with it.
            http.Response.Redirect(elsewhere + http.Request.Path.Value!["/api/v1".Length..], permanent: false, preserveMethod: true);
            _requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
            return;
        }

        if (Refusal is var (status, retryAfter))
        {
            Interlocked.Increment(ref _refused);
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
            return;
        }

        if (!http.Request.Path.Value!.EndsWith("/sessions", StringComparison.Ordinal) && http.Request.Headers.Authorization != $"Token token=t{_sessions}")
        {
            http.Response.StatusCode = ExpiredStatus;
            return;
        }

        _requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        if (Broken.ContainsKey(http.Request.Path.Value["/api/v1/".Length..]))
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        await next(http);
    }

    private IResult SignIn(JsonElement body)
    {
        var user = body.GetProperty("user");
        return user.GetProperty("email").GetString() == Email && user.GetProperty("password").GetString() == Password
            ? Json($$"""{"access_token":{"access_token":"t{{Interlocked.Increment(ref _sessions)}}"},"success":true}""")
            : Results.Unauthorized();
    }

    private IResult TripsOf(string id, [FromQuery(Name = "from_start_at")] DateTimeOffset from, [FromQuery(Name = "to_start_at")] DateTimeOffset to) =>
        Trips.TryGetValue(id, out var trips)
            ? Json($$"""{"success":true,"trips":[{{string.Join(',', trips.Where(trip => StartOf(trip) is not { } start || (start >= from && start <= to)))}}]}""")
            : Results.NotFound();

    // Null of what is no trip: ULU would give it away too.
    private static DateTimeOffset? StartOf(string trip) => JsonDocument.Parse(trip).RootElement is { ValueKind: JsonValueKind.Object } item
        && item.TryGetProperty("utc_start_at", out var start) && start.TryGetDateTimeOffset(out var at) ? at : null;

    private IResult PointsOf(string id, int page, int limit)
    {
        if (!Points.TryGetValue(id, out var points))
        {
            return Results.UnprocessableEntity();
        }

        limit = PageSize ?? limit;
        var slice = points.Skip((page - 1) * limit).Take(limit);
        var hasMore = !SaysMore ? "" : points.Length > page * limit ? "\"has_more\":true," : "\"has_more\":false,";
        return Json($$"""{"success":true,{{hasMore}}"current_page":{{page}},"trip_points":[{{string.Join(',', slice)}}]}""");
    }

    private static IResult Json(string text) => Results.Text(text, "application/json");
}
