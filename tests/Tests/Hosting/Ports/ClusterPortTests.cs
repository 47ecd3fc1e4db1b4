using System.Security.Cryptography.X509Certificates;
using ChargeCars.Identity.Accounts;
using static ChargeCars.Tests.Hosting.Ports.ClusterHost;

namespace ChargeCars.Tests.Hosting.Ports;

/// <summary>Who gets through the ports that a host of a cluster opens to the other hosts.</summary>
public sealed class ClusterPortTests(ClusterHost cluster) : IClassFixture<ClusterHost>
{
    [Fact]
    public async Task Gateway_OfOrleansClients_LetsInTheOneOfItsClusterAlone()
    {
        using var giveUp = new CancellationTokenSource();
        var strangers = Task.WhenAll(
            OrleansStranger.AskForResetTokenAsync(cluster.GatewayPort, cluster.Administrator, cluster.ClusterId, giveUp: giveUp.Token),
            AskAsync(await cluster.MakeAsync(Certificate.WithTheNameOfAHosts), giveUp.Token),
            AskAsync(await cluster.MakeAsync(Certificate.OfAnotherMasterKey), giveUp.Token),
            AskAsync(await cluster.MakeAsync(Certificate.OfAnotherDatabase), giveUp.Token));

        // What refuses the others is the certificate and nothing else; and they get three times as long.
        var insider = await cluster.MakeAsync(Certificate.OfThisCluster);
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(await AskAsync(insider, CancellationToken.None));
        }

        await giveUp.CancelAsync();
        Assert.All(await strangers, Assert.Null);
    }

    [Theory]
    [InlineData(Certificate.None, false)]
    [InlineData(Certificate.WithTheNameOfAHosts, false)]
    [InlineData(Certificate.OfAnotherMasterKey, false)]
    [InlineData(Certificate.OfAnotherDatabase, false)]
    [InlineData(Certificate.OfThisCluster, true)]
    public async Task SiloPort_ACertificateThatIsNotOfItsCluster_IsCutOff(Certificate kind, bool letIn)
    {
        var certificate = await cluster.MakeAsync(kind);

        Assert.Equal(letIn, (await cluster.ShakeHandsAsync(certificate)).LetIn);
    }

    private Task<Result<Hidden>?> AskAsync(X509Certificate2? certificate, CancellationToken giveUp) => OrleansStranger.AskForResetTokenAsync(
        cluster.GatewayPort, cluster.Administrator, cluster.ClusterId, client => client.UseTls(certificate!, options => options.AllowAnyRemoteCertificate()), giveUp);
}
