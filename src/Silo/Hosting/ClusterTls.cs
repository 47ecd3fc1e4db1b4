using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChargeCars.Platform.Secrets;
using Orleans.Connections.Security;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// Mutual TLS between the hosts of a cluster, by nothing but the master key and the database that they share. Each host makes
/// a key pair for as long as it runs, and a certificate whose name is a seal: the HMAC of the public key by a key derived from
/// the two. The seal proves that its maker knows the master key, TLS that the other side is that maker (docs/adr/0033).
/// </summary>
internal sealed class ClusterTls
{
    private readonly byte[] _sealingKey;
    private readonly X509Certificate2 _certificate;

    /// <param name="master">The hosts' own.</param>
    /// <param name="clusterId">Of the hosts of one database: those of a copy have the same master key.</param>
    public ClusterTls(MasterKey master, string clusterId)
    {
        _sealingKey = Convert.FromHexString(master.Derive($"certificates of hosts of {clusterId}"));
        _certificate = MakeCertificate();
    }

    /// <summary>Shows this host's certificate on every connection, and demands a sealed one from the other side.</summary>
    public void Apply(TlsOptions options)
    {
        options.LocalCertificate = _certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        // No authority signs a host's certificate, so the platform's verdict on its chain says nothing.
        options.RemoteCertificateValidation = (certificate, _, _) => IsSealed(certificate);
    }

    /// <summary>Whether a host with this master key made the certificate.</summary>
    internal bool IsSealed(X509Certificate2 certificate) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
        Encoding.UTF8.GetBytes(Seal(certificate.PublicKey)));

    private string Seal(PublicKey key) => Convert.ToHexStringLower(HMACSHA256.HashData(_sealingKey, key.ExportSubjectPublicKeyInfo()));

    private X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Seal(new PublicKey(key))}", key, HashAlgorithmName.SHA256);
        // Its key is never written anywhere, so it ends with the process, and no host's clock matters.
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows takes no key that is in memory alone.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
