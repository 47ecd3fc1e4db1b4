using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Drills.Load;
using ChargeCars.Silo.Database;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChargeCars.Drills.Kill;

/// <summary>One host with its own PostgreSQL on a data folder of its own, as <c>dotnet run</c> starts it; fsync is on.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Email = "drill@example.nl";
    private const string Password = "correct horse battery";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HostProcess _host;

    private Site(string folder, HostProcess host) => (DataFolder, _host) = (folder, host);

    public string DataFolder { get; }

    /// <summary>What the host printed; written at the end and kept.</summary>
    public string LogFile => DataFolder + ".log";

    public Uri Url => _host.Url;

    public string ApiKey { get; private set; } = "";

    public ConnectionFile Connection => ConnectionFile.Read(DataFolder)!;

    public static async Task<Site> StartAsync(DrillReport report, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("chargecars-drill-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The temporary folder is its owner's alone, and a root run's server is another account.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var environment = new Dictionary<string, string>
        {
            ["ChargeCars__DataDirectory"] = folder,
            ["CHARGECARS_ADMIN_EMAIL"] = Email,
            ["CHARGECARS_ADMIN_PASSWORD"] = Password,
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var site = new Site(folder, new HostProcess(environment));
        try
        {
            report.Say($"the host is ready after {(await site._host.StartAsync(Patience)).TotalSeconds:0.00} s, its database made: {folder}");
            site.ApiKey = await site.CreateKeyAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public static async Task<IReadOnlyList<Guid>> CreateVehiclesAsync(PatientClient client, int count)
    {
        var vehicles = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { licensePlate = $"D-{i:000}-RL", vehicleType = "van" });
            var answer = await client.SendAsync(HttpMethod.Post, "/api/vehicles", body, ("Idempotency-Key", $"vehicle {i}"));
            vehicles.Add(answer.Body.GetProperty("id").GetGuid());
        }

        return vehicles;
    }

    /// <summary>kill -9, and the same command again, as a supervisor does.</summary>
    public async Task<string> KillHostAsync()
    {
        await _host.KillAsync();
        _host.Launch();
        return "host killed and started again";
    }

    public Task ReadyAsync() => _host.ReadyAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        // Beside the data, not in it: what the host said is wanted where the drill failed.
        await File.WriteAllTextAsync(LogFile, _host.Output);
        await _host.DisposeAsync();
        await EmbeddedPostgres.DiscardAsync(DataFolder, NullLogger.Instance, CancellationToken.None);
    }

    private async Task<string> CreateKeyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        login.EnsureSuccessStatusCode();
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        string[] permissions =
            [Permissions.VehiclesRead, Permissions.VehiclesWrite, Permissions.VehiclesAct, Permissions.PositionsWrite, Permissions.NumbersAssign, Permissions.AttachmentsRead, Permissions.AttachmentsWrite];
        using var made = await http.PostAsJsonAsync("/api/api-keys", new { name = "drill", permissions });
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }
}
