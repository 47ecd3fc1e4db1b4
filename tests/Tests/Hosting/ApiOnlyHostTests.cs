using System.Net;
using System.Net.Http.Json;
using ChargeCars.Silo.Hosting;

namespace ChargeCars.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class ApiOnlyHostTests(RunningHost host) : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
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
        using var silos = await client.GetAsync("/dashboard/DashboardCounters");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
        Assert.Equal(1, (await silos.JsonAsync()).GetProperty("hosts").GetArrayLength());
    }
}
