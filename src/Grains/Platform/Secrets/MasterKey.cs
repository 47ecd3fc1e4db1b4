using System.Security.Cryptography;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Configuration;

namespace ChargeCars.Platform.Secrets;

/// <summary>
/// The key that the key ring is encrypted by: 32 bytes, base64, from <see cref="Key"/>, or from the file that
/// <see cref="FileKey"/> names. Never in the database, so that a dump of it opens nothing.
/// </summary>
public sealed class MasterKey
{
    /// <summary>The key itself.</summary>
    public const string Key = "ChargeCars:MasterKey";

    /// <summary>The file with the key; <c>master.key</c> in the data directory where nothing is said.</summary>
    public const string FileKey = "ChargeCars:MasterKeyFile";

    /// <summary>Keys that were the master key before, comma-separated: they still open, and encrypt nothing.</summary>
    public const string FormerKey = "ChargeCars:FormerMasterKeys";

    private const int Bytes = 32;

    private MasterKey(byte[] current, IReadOnlyList<byte[]> all, string origin) => (Current, All, Origin) = (current, all, origin);

    /// <summary>Encrypts.</summary>
    internal byte[] Current { get; }

    /// <summary>Open: the current one and former ones.</summary>
    internal IReadOnlyList<byte[]> All { get; }

    /// <summary>Where it came from, for messages.</summary>
    public string Origin { get; }

    /// <summary>Reads the key; makes it on a first start, which is one without any key in the database.</summary>
    /// <param name="configuration">The host's.</param>
    /// <param name="dataDirectory">Where a key goes that is made here.</param>
    /// <param name="isFirstStart">Whether nothing was encrypted yet.</param>
    /// <exception cref="StartupException">There is no key where there must be one, or it is none.</exception>
    public static MasterKey Load(IConfiguration configuration, string dataDirectory, bool isFirstStart)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Key] is { Length: > 0 } text)
        {
            return Of(text, Key, configuration);
        }

        var named = configuration[FileKey] is { Length: > 0 } configured ? configured : null;
        var file = Path.GetFullPath(named ?? Path.Combine(dataDirectory, "master.key"));
        if (!File.Exists(file))
        {
            if (!isFirstStart)
            {
                throw new StartupException(
                    $"The master key is missing: {file} is not there, and the database holds secrets that were encrypted by it. "
                    + $"Restore that file, or set {Key} or {FileKey} to the key that this database was started with.");
            }

            PrivateFile.Write(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)) + "\n");
        }

        try
        {
            return Of(File.ReadAllText(file), named is null ? file : $"{FileKey} ({file})", configuration);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The master key {file} can't be read: {fault.Message}", fault);
        }
    }

    /// <summary>A secret for one purpose, the same wherever this master key is; letters and digits only.</summary>
    public string Derive(string purpose) => Convert.ToHexStringLower(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Current, Bytes, info: System.Text.Encoding.UTF8.GetBytes($"ChargeCars {purpose}")));

    private static MasterKey Of(string text, string origin, IConfiguration configuration)
    {
        var current = Read(text, origin);
        var former = (configuration[FormerKey] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(current, [current, .. former.Select(key => Read(key, FormerKey))], origin);
    }

    private static byte[] Read(string text, string origin)
    {
        var bytes = new byte[Bytes];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == Bytes
            ? bytes
            : throw new StartupException($"{origin} is not a master key: it must be {Bytes} bytes in base64, as `openssl rand -base64 {Bytes}` makes them.");
    }
}
