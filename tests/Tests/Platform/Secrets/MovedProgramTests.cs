using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using OtpNet;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>The real program in a folder of its own, which is moved between two starts; the database stays where it is.</summary>
public sealed class MovedProgramTests : IAsyncLifetime
{
    private const string Password = "a password that moves";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _home = Directory.CreateTempSubdirectory("chargecars-moving-").FullName;
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Program_MovedToAnotherFolder_OpensItsSecretsAndNoneThatWereSwappedMeanwhile()
    {
        var (first, second) = (Path.Combine(_home, "first"), Path.Combine(_home, "second"));
        Copy(AppContext.BaseDirectory, first);
        var (owner, swapped, other) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        Dictionary<string, Totp> keys = [];
        await RunAsync(first, async client =>
        {
            foreach (var email in new[] { owner, swapped, other })
            {
                keys[email] = await EnableTwoFactorAsync(client, email);
            }
        });
        Directory.Move(first, second);
        Assert.Equal(3L, await _database.ScalarAsync("SELECT count(*) FROM user_account WHERE two_factor_enabled"));
        await _database.ScalarAsync("""
            UPDATE user_account u SET two_factor_secret = o.two_factor_secret FROM user_account o, contact c, contact oc
            WHERE c.id = u.contact_id AND oc.id = o.contact_id AND c.email <> oc.email AND c.email IN ($1, $2) AND oc.email IN ($1, $2)
            """, swapped, other);

        await RunAsync(second, async client =>
        {
            Assert.Equal(HttpStatusCode.OK, await SecondFactorAsync(client, owner, keys[owner]));
            Assert.Equal(HttpStatusCode.Unauthorized, await SecondFactorAsync(client, swapped, keys[swapped]));
            Assert.Equal(HttpStatusCode.Unauthorized, await SecondFactorAsync(client, swapped, keys[other]));
        });
    }

    private async Task RunAsync(string folder, Func<HttpClient, Task> use)
    {
        await using var host = new HostProcess(new Dictionary<string, string>
        {
            ["ConnectionStrings__ChargeCars"] = _database.ConnectionString,
            // Beside the program, and moved with it.
            ["ChargeCars__DataDirectory"] = Path.Combine(folder, "data"),
            ["CHARGECARS_ADMIN_EMAIL"] = "admin@example.nl",
            ["CHARGECARS_ADMIN_PASSWORD"] = Password,
        })
        {
            Folder = folder,
        };
        await host.StartAsync(Patience);
        using var client = new HttpClient { BaseAddress = host.Url };
        await use(client);
    }

    private async Task<string> NewUserAsync()
    {
        using var passwords = new Passwords();
        var (id, email) = (Guid.CreateVersion7(), $"{Guid.NewGuid():n}@example.nl");
        await _database.ScalarAsync("""
            WITH person AS (INSERT INTO contact (id, first_name, last_name, email) VALUES ($1, 'Test', 'Person', $2))
            INSERT INTO user_account (id, contact_id, password, role_id, is_active) SELECT $1, $1, $3, id, true FROM user_role WHERE role_name = 'viewer'
            """, id, email, passwords.Hash(Password));
        return email;
    }

    private static async Task<Totp> EnableTwoFactorAsync(HttpClient client, string email)
    {
        var login = await LoginAsync(client, email);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("accessToken").GetString());
        var setup = await (await client.PostAsync("/api/auth/two-factor/setup", null)).JsonAsync();
        var totp = new Totp(Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()));
        using var enabled = await client.PostAsJsonAsync("/api/auth/two-factor/enable", new { password = Password, code = totp.ComputeTotp() });
        await enabled.JsonAsync();
        client.DefaultRequestHeaders.Authorization = null;
        return totp;
    }

    private static async Task<HttpStatusCode> SecondFactorAsync(HttpClient client, string email, Totp key)
    {
        var challenge = (await LoginAsync(client, email)).GetProperty("challenge").GetString();
        // A step ahead, as this step's code may have counted already when it was enabled.
        using var answer = await client.PostAsJsonAsync("/api/auth/two-factor", new { challenge, code = key.ComputeTotp(DateTime.UtcNow.AddSeconds(30)) });
        return answer.StatusCode;
    }

    private static async Task<System.Text.Json.JsonElement> LoginAsync(HttpClient client, string email)
    {
        using var login = await client.PostAsJsonAsync("/api/auth/login", new { email, password = Password });
        return await login.JsonAsync();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
