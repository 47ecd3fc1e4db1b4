using System.Diagnostics;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>PostgreSQL's own <c>pg_dump</c>. It comes with a server's packages, and not with the npm packages that the host falls back on.</summary>
internal static class PgDump
{
    /// <summary>Null where this machine has none.</summary>
    public static string? Program { get; } = Find();

    public static async Task<string> RunAsync(TestDatabase database)
    {
        var target = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Program!, ["-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-d", target.Database!, "--no-password"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = target.Password },
        };
        using var process = Process.Start(start)!;
        var (errors, dump) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await Patience.EndAsync(process);
        Assert.True(process.ExitCode == 0, await errors);
        return await dump;
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump";
        const string Packages = "/usr/lib/postgresql";
        // The newest of the packages first: PATH's may be older than the server, and refuse it.
        var installed = Directory.Exists(Packages)
            ? Directory.EnumerateDirectories(Packages).OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}

/// <summary>Skipped, with the reason, where there is no <c>pg_dump</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgDumpFactAttribute : FactAttribute
{
    public PgDumpFactAttribute() =>
        Skip = PgDump.Program is null ? "No pg_dump in PATH or /usr/lib/postgresql: the test of every row as text stands in for it." : null;
}
