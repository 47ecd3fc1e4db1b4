using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using ChargeCars.Testing;

namespace ChargeCars.Bench.Running;

/// <summary>Orleans and Kestrel with nothing in them: what the host's start and memory are measured beside.</summary>
internal static class EmptyHost
{
    public const string Argument = "empty-host";

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseSetting("urls", url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(HostProcess.FreePort(), HostProcess.FreePort()));
        var app = builder.Build();
        app.MapGet("/health/ready", async (IClusterClient cluster) =>
            (await cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count > 0 ? Results.Ok() : Results.StatusCode(503));
        await app.RunAsync();
        return 0;
    }
}
