using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Bench.Running;

/// <summary>The real host in a process of its own on a database of its own, with a key that may do what benchmarks do.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    public const string Email = "bench@example.nl";
    public const string Password = "correct horse battery";

    private static readonly string[] Permissions =
    [
        "positions.read", "positions.write", "vehicles.read", "vehicles.act", "vehicles.write", "numbers.assign", "numbers.read",
        "geofences.read", "geofences.write", "relations.read", "relations.write", "attachments.read", "attachments.write",
        "orders.read", "orders.write", "visits.read", "visits.write", "threads.read", "threads.write", "messages.receive", "calls.read",
    ];

    private readonly string _data;
    private HostProcess _process;

    private BenchHost(HostProcess process, NpgsqlDataSource database, string connectionString, int postmaster, string data) =>
        (_process, Database, ConnectionString, Postmaster, _data) = (process, database, connectionString, postmaster, data);

    public NpgsqlDataSource Database { get; }

    public string ConnectionString { get; }

    public int Postmaster { get; }

    public Uri Url => _process.Url;

    public int Id => _process.Id;

    public string Output => _process.Output;

    public string Key { get; private set; } = "";

    public static async Task<BenchHost> StartAsync(BenchServer server, params (string Name, string Value)[] settings)
    {
        var connectionString = await server.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("chargecars-bench-host-").FullName;
        var process = Process(connectionString, data, 0, settings);
        var host = new BenchHost(process, NpgsqlDataSource.Create(connectionString), connectionString, server.Process, data);
        await process.StartAsync(TimeSpan.FromMinutes(1));
        await host.MakeKeyAsync();
        return host;
    }

    public static Dictionary<string, string> EnvironmentOf(string connectionString, string data, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__ChargeCars"] = connectionString,
            ["ChargeCars__DataDirectory"] = data,
            ["CHARGECARS_ADMIN_EMAIL"] = Email,
            ["CHARGECARS_ADMIN_PASSWORD"] = Password,
            // The driver's own setting is not the host's.
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "0",
            // The load is of last week: days that are over, which the host would settle while they are written.
            ["ChargeCars__Positions__Settle"] = "false",
            // The driver is one caller at one address, who stands for hundreds.
            ["ChargeCars__RateLimits__Login__PerSecond"] = "1000000",
            ["ChargeCars__RateLimits__Login__Burst"] = "1000000",
            ["ChargeCars__RateLimits__Person__PerSecond"] = "1000000",
            ["ChargeCars__RateLimits__Person__Burst"] = "1000000",
            ["ChargeCars__RateLimits__Program__PerSecond"] = "1000000",
            ["ChargeCars__RateLimits__Program__Burst"] = "1000000",
            ["ChargeCars__RateLimits__Telemetry__PerSecond"] = "1000000",
            ["ChargeCars__RateLimits__Telemetry__Burst"] = "1000000",
            ["ChargeCars__Live__MaximumConnectionsPerCaller"] = "5000",
            ["ChargeCars__Live__Calls__PerSecond"] = "1000000",
            ["ChargeCars__Live__Calls__Burst"] = "1000000",
            ["ChargeCars__Live__CallsPerCaller__PerSecond"] = "1000000",
            ["ChargeCars__Live__CallsPerCaller__Burst"] = "1000000",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>A client with the key.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return client;
    }

    /// <summary>An orderly end and a new start on the same database and address.</summary>
    public async Task RestartAsync()
    {
        await _process.StopAsync();
        await _process.StartAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The same with other settings.</summary>
    public async Task RestartWithAsync(params (string Name, string Value)[] settings)
    {
        await _process.StopAsync();
        await _process.DisposeAsync();
        _process = Process(ConnectionString, _data, Url.Port, settings);
        await _process.StartAsync(TimeSpan.FromMinutes(1));
    }

    public CpuMeter MeterCpu() => new(Id, Postmaster);

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync();
        await _process.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static HostProcess Process(string connectionString, string data, int port, (string Name, string Value)[] settings) =>
        new(EnvironmentOf(connectionString, data, settings), port) { Folder = ShippedProgram.Folder };

    private async Task MakeKeyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        login.EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        using var made = await http.PostAsJsonAsync("/api/api-keys", new { name = "bench", permissions = Permissions });
        made.EnsureSuccessStatusCode();
        Key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }
}
