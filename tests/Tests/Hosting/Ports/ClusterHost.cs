using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChargeCars.Platform.Secrets;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Connections.Security;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace ChargeCars.Tests.Hosting.Ports;

/// <summary>A host of a cluster, at ports that a test knows, and what somebody may bring along to them.</summary>
public sealed class ClusterHost : IAsyncLifetime
{
    /// <summary>How a certificate can fail to be one of this cluster's.</summary>
    public enum Certificate
    {
        None,
        WithTheNameOfAHosts,
        OfAnotherMasterKey,
        OfAnotherDatabase,
        OfThisCluster,
    }

    public ClusterHost() => Host = new()
    {
        Configuration = [$"--ChargeCars:Silo:Port={SiloPort}", $"--ChargeCars:Silo:GatewayPort={GatewayPort}"],
    };

    public int SiloPort { get; } = HostProcess.FreePort();

    public int GatewayPort { get; } = HostProcess.FreePort();

    public RunningHost Host { get; }

    public Guid Administrator { get; private set; }

    public string ClusterId => Host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Administrator = await Host.ScalarAsync<Guid>("SELECT id FROM user_account");
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    public async Task<X509Certificate2?> MakeAsync(Certificate kind) => kind switch
    {
        Certificate.None => null,
        Certificate.WithTheNameOfAHosts => Named((await ShakeHandsAsync(certificate: null)).Theirs),
        Certificate.OfAnotherMasterKey => Sealed(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ClusterId),
        Certificate.OfAnotherDatabase => Sealed(await File.ReadAllTextAsync(Host.MasterKeyFile), "chargecars-restored"),
        Certificate.OfThisCluster => Sealed(await File.ReadAllTextAsync(Host.MasterKeyFile), ClusterId),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such certificate."),
    };

    /// <summary>A TLS handshake at the port between silos.</summary>
    /// <returns>Whether the silo went on to talk, and the certificate that it showed.</returns>
    public async Task<(bool LetIn, X509Certificate2 Theirs)> ShakeHandsAsync(X509Certificate2? certificate)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, SiloPort, limit.Token);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, theirs, _, _) => theirs is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                ApplicationProtocols = [new("Orleans1")],
                ClientCertificates = certificate is null ? [] : [certificate],
                TargetHost = "",
            },
            limit.Token);
        var theirs = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        try
        {
            // A silo begins with a preamble of its own. In TLS 1.3 it judges the certificate after the client's last word.
            return (await tls.ReadAsync(new byte[1], limit.Token) > 0, theirs);
        }
        catch (IOException)
        {
            return (false, theirs);
        }
    }

    private static X509Certificate2 Sealed(string masterKey, string clusterId)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(MasterKey.Key, masterKey)]).Build();
        var options = new TlsOptions();
        new ClusterTls(MasterKey.Load(configuration, "", isFirstStart: false), clusterId).Apply(options);
        return options.LocalCertificate!;
    }

    private static X509Certificate2 Named(X509Certificate2 other)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(other.SubjectName, key, HashAlgorithmName.SHA256).CreateSelfSigned(other.NotBefore, other.NotAfter);
    }
}
