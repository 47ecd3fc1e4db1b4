using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Drills.Support;

/// <summary>The credentials of a drill: an administrator's token for screens, a key for programs. Good on every host of the cluster.</summary>
internal sealed record Access(string Token, string Key)
{
    /// <summary>The administrator's.</summary>
    public const string Email = "drill@example.nl";

    /// <summary>The administrator's.</summary>
    public const string Password = "correct horse battery";

    /// <summary>What a host is started with, so that <see cref="SignInAsync"/> works.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["CHARGECARS_ADMIN_EMAIL"] = Email,
        ["CHARGECARS_ADMIN_PASSWORD"] = Password,
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
    };

    public static async Task<Access> SignInAsync(Uri host)
    {
        using var http = new HttpClient { BaseAddress = host };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        login.EnsureSuccessStatusCode();
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var made = await http.PostAsJsonAsync("/api/api-keys", new
        {
            name = "drill",
            permissions = new[]
            {
                "vehicles.read", "vehicles.write", "vehicles.act", "positions.read", "positions.write", "numbers.read", "numbers.assign",
                "relations.read", "relations.write", "orders.read", "orders.write", "orders.cancel", "visits.read", "visits.write", "due_commands.manage",
                "calls.read", "threads.read", "threads.write", "messages.receive",
            },
        });
        made.EnsureSuccessStatusCode();
        return new(token, (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!);
    }

    /// <summary>A program's client: its key on every request, and no patience for a host that hangs.</summary>
    public HttpClient Client(Uri? host = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { BaseAddress = host, Timeout = TimeSpan.FromSeconds(3) };
        http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return http;
    }

    public static async Task<Guid> CreateVehicleAsync(HttpClient http, string plate)
    {
        using var made = await http.PostAsJsonAsync("/api/vehicles", new { licensePlate = plate, vehicleType = "van" });
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}
