using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Testing.Fuzz;

/// <summary>Credentials that may do everything; made anew when a request of the fuzz has ended them.</summary>
public sealed class FuzzAccess(HttpClient http, string email, string password)
{
    private string _token = "";
    private string _key = "";

    /// <summary>A key that may send positions and nothing else, for the routes that take it in their path.</summary>
    public string TrackerKey { get; private set; } = "";

    /// <summary>By which requests would name the account that the run signs in with, and its person.</summary>
    public IReadOnlyList<string> Own { get; private set; } = [];

    /// <summary>Signs in and makes the keys.</summary>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email, password }, cancellation);
        if (!login.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The run's own account may not sign in any more: {(int)login.StatusCode} {await login.Content.ReadAsStringAsync(cancellation)}");
        }

        var session = await login.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        _token = session.GetProperty("accessToken").GetString()!;
        var user = session.GetProperty("user");
        Own = [email, user.GetProperty("id").GetString()!, user.GetProperty("contactId").GetString()!];
        using var request = Asking(HttpMethod.Get, "/api/permissions");
        using var permissions = await http.SendAsync(request, cancellation);
        permissions.EnsureSuccessStatusCode();
        var all = (await permissions.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("items").Deserialize<string[]>()!;
        _key = await KeyAsync(all, cancellation);
        TrackerKey = await KeyAsync(["positions.write"], cancellation);
    }

    /// <summary>Puts the credentials on a request.</summary>
    public void Sign(HttpRequestMessage request, FuzzCaller caller)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (caller == FuzzCaller.Person)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        }
        else if (caller == FuzzCaller.Program)
        {
            request.Headers.TryAddWithoutValidation("X-Api-Key", _key);
        }
    }

    private HttpRequestMessage Asking(HttpMethod method, string path) =>
        new(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _token) } };

    private async Task<string> KeyAsync(string[] permissions, CancellationToken cancellation)
    {
        using var request = Asking(HttpMethod.Post, "/api/api-keys");
        request.Content = JsonContent.Create(new { name = "fuzz", permissions });
        using var made = await http.SendAsync(request, cancellation);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("key").GetString()!;
    }
}
