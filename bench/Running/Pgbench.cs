using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace ChargeCars.Bench.Running;

/// <summary>PostgreSQL's own load driver: the baselines' lightest client.</summary>
internal static partial class Pgbench
{
    /// <summary>Transactions a second of a script, its statements prepared.</summary>
    public static async Task<double> RunAsync(string connectionString, string script, int clients, TimeSpan duration)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        try
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            var start = new ProcessStartInfo(Find(),
            [
                "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(2, clients)}",
                $"--time={Math.Max(5, (int)duration.TotalSeconds)}", $"--file={file}",
                $"--host={to.Host}", $"--port={to.Port}", $"--username={to.Username}", to.Database!,
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PGPASSWORD"] = to.Password;
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var rate = Rate().Match(output);
            return process.ExitCode == 0 && rate.Success
                ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"pgbench failed:\n{output}\n{await errors}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Find()
    {
        string[] installed = Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin"))]
            : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(installed)
            .Select(folder => Path.Combine(folder, "pgbench")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("The baselines need pgbench, which comes with PostgreSQL's server packages.");
    }

    [GeneratedRegex("tps = ([0-9.]+)")]
    private static partial Regex Rate();
}
