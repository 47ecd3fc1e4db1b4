using System.Globalization;
using System.Text.RegularExpressions;

namespace ChargeCars.Silo.Database;

/// <summary>A folder of PostgreSQL programs that run here, and their version.</summary>
internal sealed partial record PostgresBinaries(string Folder, string Version, int Major)
{
    /// <summary>The oldest major version that the schema's SQL and the host are made for.</summary>
    public const int OldestMajor = 15;

    private static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    public string Postgres => ProgramIn(Folder, "postgres");

    public string Initdb => ProgramIn(Folder, "initdb");

    public string Control => ProgramIn(Folder, "pg_ctl");

    public static string ProgramIn(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>Tries the folder as the account that will run the server; a reason says why it is not usable.</summary>
    public static async Task<(PostgresBinaries? Binaries, string Reason)> ProbeAsync(
        string folder, ServerAccount account, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
            return (null, "no such folder");
        var missing = Needed.Where(name => !File.Exists(ProgramIn(folder, name))).ToList();
        if (missing.Count > 0)
            return (null, $"has no {string.Join(", ", missing)}");

        var answer = await account.RunAsync(ProgramIn(folder, "postgres"), ["--version"], ct);
        if (!answer.Succeeded)
            return (null, $"postgres --version failed for the user '{account.Name}': {answer.Tail}");
        var match = VersionPattern().Match(answer.Output);
        if (!match.Success)
            return (null, $"postgres --version says '{answer.Tail}'");

        var version = match.Groups["version"].Value;
        var major = int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture);
        return major < OldestMajor
            ? (null, $"is PostgreSQL {version}; {OldestMajor} or newer is needed")
            : (new PostgresBinaries(folder, version, major), "");
    }

    [GeneratedRegex(@"\(PostgreSQL\)\s+(?<version>(?<major>\d+)[^\s]*)")]
    private static partial Regex VersionPattern();
}
