using System.Diagnostics;
using ChargeCars.Testing;
using ChargeCars.Tests.Platform.Secrets;
using Npgsql;

namespace ChargeCars.Tests.Hosting.Backup;

/// <summary>PostgreSQL's own <c>pg_dump</c> and <c>pg_restore</c>, as docs/operations.md calls them.</summary>
internal static class BackupTools
{
    public const string Dump = "pg_dump --format=custom";
    public const string Restore = "pg_restore --no-owner --no-privileges --single-transaction";

    /// <summary>PostgreSQL lets nobody drop the keys of partitions, so a restore with <c>--clean</c> would stop there.</summary>
    public const string DropPartitioned =
        "DO $$ DECLARE parent regclass; BEGIN FOR parent IN SELECT oid FROM pg_class WHERE relkind = 'p' AND NOT relispartition"
        + " LOOP EXECUTE format('DROP TABLE %s CASCADE', parent); END LOOP; END $$";

    public static Task DumpAsync(string database, string file, string snapshot) =>
        RunAsync(Dump, database, $"--snapshot={snapshot}", $"--file={file}");

    public static Task RestoreAsync(string database, string file, params string[] also) => RunAsync(Restore, database, [.. also, file]);

    /// <summary>Fails where the tool says anything: what a restore skips with a warning is missing later.</summary>
    private static async Task RunAsync(string command, string database, params string[] also)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        var words = command.Split(' ');
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(PgDump.Program)!, words[0]),
            [.. words[1..], "-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-d", target.Database!, "--no-password", .. also])
        {
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = target.Password },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await Patience.EndAsync(process);
        var said = await errors;
        Assert.True(process.ExitCode == 0 && said.Length == 0, $"{command} ended with {process.ExitCode}: {said}");
    }
}
