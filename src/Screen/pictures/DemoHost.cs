using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Testing;

namespace ChargeCars.Screen.Pictures;

/// <summary>The host with its demo fleet, in a process and on a database of its own.</summary>
internal sealed class DemoHost : IAsyncDisposable
{
    public const string Email = "planner@example.nl";
    public const string Password = "correct horse battery";

    private const int Vans = 60;

    /// <summary>Metres.</summary>
    private const double UsualDay = 250_000;

    private readonly HostProcess _host;
    private readonly TestDatabase _database;
    private readonly DirectoryInfo _data;
    private readonly HttpClient _http;

    private DemoHost(HostProcess host, TestDatabase database, DirectoryInfo data) =>
        (_host, _database, _data, _http) = (host, database, data, new() { BaseAddress = host.Url });

    public Uri Url => _host.Url;

    public static async Task<DemoHost> StartAsync()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("chargecars-pictures-");
        var host = new DemoHost(
            new(new Dictionary<string, string>
            {
                ["ConnectionStrings__ChargeCars"] = database.ConnectionString,
                ["ChargeCars__DataDirectory"] = data.FullName,
                ["ChargeCars__Demo__Enabled"] = "true",
                ["ChargeCars__Demo__Vehicles"] = $"{Vans}",
                ["CHARGECARS_ADMIN_EMAIL"] = Email,
                ["CHARGECARS_ADMIN_PASSWORD"] = Password,
                ["Logging__LogLevel__Default"] = "Warning",
            }),
            database, data);
        await host._host.StartAsync(TimeSpan.FromSeconds(120));
        using var login = await host._http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        host._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        return host;
    }

    /// <summary>Waits until every van has sent its day so far and is heard of now.</summary>
    public async Task IsOnTheRoadAsync()
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var vans = await FleetAsync();
            if (vans.Count == Vans && vans.All(van => van.GetProperty("freshness").GetString() is "live" or "stale"))
            {
                return;
            }

            await Task.Delay(1_000);
        }

        throw new TimeoutException("The demo fleet is not on the road after five minutes.");
    }

    /// <summary>The plate of a van under way whose day fits a picture.</summary>
    public async Task<string> UnderWayAsync()
    {
        var since = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(-12).ToString("O"));
        var found = new List<(string Plate, double Meters)>();
        foreach (var van in (await FleetAsync()).Where(van => van.GetProperty("operationalStatus").GetString() == "driving"))
        {
            var trips = await _http.GetFromJsonAsync<JsonElement>($"/api/vehicles/{van.GetProperty("id").GetGuid()}/trips?from={since}&limit=500");
            var meters = trips.GetProperty("items").EnumerateArray()
                .Sum(trip => trip.TryGetProperty("distanceMeters", out var way) && way.ValueKind == JsonValueKind.Number ? way.GetDouble() : 0);
            found.Add((van.GetProperty("licensePlate").GetString()!, meters));
        }

        return found.MinBy(van => Math.Abs(van.Meters - UsualDay)).Plate;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task<List<JsonElement>> FleetAsync() =>
        [.. (await _http.GetFromJsonAsync<JsonElement>("/api/fleet")).GetProperty("items").EnumerateArray()];
}
