using System.Net;
using System.Net.Http.Json;
using ChargeCars.Silo.Hosting;

namespace ChargeCars.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class ApiOnlyHostTests(RunningHost host) : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task ApiOnlyHost_BesideASilo_ServesWithTheSameCredentials()
    {
        await using var api = await ChargeCarsHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0",
            "--ChargeCars:Roles=api",
            $"--ConnectionStrings:ChargeCars={host.Database.ConnectionString}",
            $"--ChargeCars:DataDirectory={_data}",
            $"--ChargeCars:MasterKeyFile={host.MasterKeyFile}",
            "--Logging:LogLevel:Default=Warning",
        ]);
        using var client = new HttpClient { BaseAddress = new(api.App.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = host.Administrator.DefaultRequestHeaders.Authorization;

        using var ready = await client.GetAsync("/health/ready");
        using var made = await client.PostAsJsonAsync("/api/vehicles", new { licensePlate = $"T-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van" });
        using var read = await host.Administrator.GetAsync(made.Headers.Location);
        using var dashboard = await client.GetAsync("/dashboard/");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
        // It counts once a second from its first question on, and says none until then.
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await SilosAsync(client) is var silos and not 1)
        {
            Assert.Equal(0, silos);
            await ticks.WaitForNextTickAsync();
        }
    }

    private static async Task<int> SilosAsync(HttpClient client)
    {
        using var counters = await client.GetAsync("/dashboard/DashboardCounters");
        return (await counters.JsonAsync()).GetProperty("hosts").GetArrayLength();
    }
}
