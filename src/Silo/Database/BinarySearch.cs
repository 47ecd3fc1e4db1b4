using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>Finds the programs to run: the configured folder, PATH, the usual install folders, and last npm's packages.</summary>
internal sealed class BinarySearch(EmbeddedPostgresOptions options, ClusterHome home, ServerAccount account, ILogger logger)
{
    private readonly List<string> _looked = [];
    private readonly List<PostgresBinaries> _otherVersions = [];

    /// <summary>The first usable binaries, of the cluster's own major version if there is a cluster.</summary>
    /// <exception cref="StartupException">None; the message lists where it looked and why each place was refused.</exception>
    public async Task<PostgresBinaries> FindAsync(CancellationToken ct)
    {
        if (options.BinDirectory is { Length: > 0 } configured)
            return await TryAsync(Path.GetFullPath(configured), ct) ?? throw NotUsable(configured);

        foreach (var folder in Folders())
        {
            if (await TryAsync(folder, ct) is { } found)
                return found;
        }

        // A cluster of another version gains nothing from a download.
        var useful = home.ClusterVersion is null || home.ClusterVersion == NpmBinaries.Major;
        if (options.BinaryPlaces.HasFlag(BinaryPlaces.Npm) && useful)
        {
            try
            {
                if (await TryAsync(await new NpmBinaries(home.Binaries, logger).FetchAsync(ct), ct) is { } fetched)
                    return fetched;
            }
            catch (Exception fault) when (fault is NpmBinariesException or HttpRequestException or IOException)
            {
                _looked.Add($"  npm: {fault.Message}");
            }
        }

        throw _otherVersions.Count > 0 ? OtherVersion(_otherVersions[0]) : NoneFound();
    }

    private async Task<PostgresBinaries?> TryAsync(string folder, CancellationToken ct)
    {
        var (found, reason) = await PostgresBinaries.ProbeAsync(folder, account, ct);
        if (found is null)
        {
            _looked.Add($"  {folder}: {reason}");
            return null;
        }

        if (home.ClusterVersion is not { } cluster || cluster == $"{found.Major}")
            return found;
        _otherVersions.Add(found);
        return null;
    }

    private IEnumerable<string> Folders()
    {
        IEnumerable<string> folders = [];
        if (options.BinaryPlaces.HasFlag(BinaryPlaces.SearchPath))
            folders = folders.Concat(SearchPath());
        if (options.BinaryPlaces.HasFlag(BinaryPlaces.InstallFolders))
            folders = folders.Concat(InstallFolders());
        return folders.Distinct();
    }

    private static IEnumerable<string> SearchPath() =>
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        let program = PostgresBinaries.ProgramIn(folder, "postgres")
        where File.Exists(program)
        // A link in PATH leads to the folder that has the other programs too.
        select Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program)!;

    private static IEnumerable<string> InstallFolders()
    {
        (string Root, string Pattern)[] places = OperatingSystem.IsWindows()
            ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*")]
            : [("/usr/lib/postgresql", "*"), ("/opt/homebrew/opt", "postgresql@*"), ("/usr/local/opt", "postgresql@*")];
        return
            from place in places
            where Directory.Exists(place.Root)
            from folder in Directory.EnumerateDirectories(place.Root, place.Pattern).OrderByDescending(MajorInName)
            select Path.Combine(folder, "bin");
    }

    private static int MajorInName(string folder) =>
        int.TryParse(Path.GetFileName(folder).Split('@')[^1].Split('.')[0], out var major) ? major : 0;

    private StartupException NotUsable(string configured) => _otherVersions.Count > 0
        ? OtherVersion(_otherVersions[0])
        : new StartupException(
            $"""
            {EmbeddedPostgresOptions.BinDirectoryKey} is set to {configured}, which can't be used:
            {string.Join('\n', _looked)}
            Set it to a folder with postgres, initdb and pg_ctl of PostgreSQL {PostgresBinaries.OldestMajor} or newer, or leave it out to have them searched for.
            """);

    private StartupException OtherVersion(PostgresBinaries found) => new(
        $"""
        The database in {home.Cluster} was made by PostgreSQL {home.ClusterVersion}; only PostgreSQL {found.Version} was found ({found.Folder}).
        Install PostgreSQL {home.ClusterVersion} beside it or set {EmbeddedPostgresOptions.BinDirectoryKey} to its folder; or upgrade the
        cluster with pg_upgrade; or set ChargeCars__DataDirectory to another folder to start with an empty database.
        """);

    private StartupException NoneFound() => new(
        $"""
        No PostgreSQL {PostgresBinaries.OldestMajor} or newer was found. Looked at:
        {(_looked.Count == 0 ? "  PATH and the usual install folders: nothing there" : string.Join('\n', _looked))}
        Do one of these: install PostgreSQL {PostgresBinaries.OldestMajor} or newer; set {EmbeddedPostgresOptions.BinDirectoryKey} to the folder
        that has postgres, initdb and pg_ctl; or set ConnectionStrings:ChargeCars to a database of your own.
        """);
}
