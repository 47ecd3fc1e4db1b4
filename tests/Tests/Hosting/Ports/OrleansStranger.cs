using System.Net;
using ChargeCars.Identity.Accounts;
using ChargeCars.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ChargeCars.Tests.Hosting.Ports;

/// <summary>Any program with Orleans' client: the attack that made every local account an administrator.</summary>
internal static class OrleansStranger
{
    /// <summary>Calls the account's grain through a port on loopback, for a token that sets the password.</summary>
    /// <param name="port">A host's.</param>
    /// <param name="account">The account to take over.</param>
    /// <param name="clusterId">The name of the hosts' cluster, which is no secret.</param>
    /// <param name="disguise">What else the client brings along, such as a certificate.</param>
    /// <param name="giveUp">Orleans' client knocks at a closed door for ever.</param>
    /// <returns>The grain's answer; null where no call got through.</returns>
    public static async Task<Result<Hidden>?> AskForResetTokenAsync(
        int port, Guid account, string clusterId, Action<IClientBuilder>? disguise = null, CancellationToken giveUp = default)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, port));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "chargecars"));
            disguise?.Invoke(client);
        });
        using var host = builder.Build();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        limit.CancelAfter(Patience.Limit);
        try
        {
            await host.StartAsync(limit.Token).WaitAsync(limit.Token);
            var grain = host.Services.GetRequiredService<IClusterClient>().GetGrain<IUserAccountGrain>(account);
            return await grain.MakeTokenAsync(verification: false, new CommandContext(Guid.NewGuid(), Actor.System)).WaitAsync(limit.Token);
        }
        catch (Exception fault) when (fault is Orleans.Runtime.OrleansException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
