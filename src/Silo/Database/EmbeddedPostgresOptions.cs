namespace ChargeCars.Silo.Database;

/// <summary>Where the host's private PostgreSQL keeps its data and how it is found and set.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Configuration key of <see cref="BinDirectory"/>.</summary>
    public const string BinDirectoryKey = "ChargeCars:Postgres:BinDirectory";

    /// <summary>The host's data folder, such as <c>.data</c>; the cluster is kept below <c>postgres/</c> in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder with postgres, initdb and pg_ctl. Without one they are searched for.</summary>
    public string? BinDirectory { get; init; }

    /// <summary>Where this host answers; told to a second host that is started on the same data folder.</summary>
    public string? HostUrl { get; init; }

    /// <summary>Server settings (postgresql.conf names) that replace or add to those in <see cref="Database.ServerSettings"/>.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where binaries are looked for when no folder is configured. Narrowed by tests.</summary>
    internal BinaryPlaces BinaryPlaces { get; init; } = BinaryPlaces.All;

    /// <summary>Where the cluster goes when the account that runs it can't enter the data folder.</summary>
    internal string RelocationDirectory { get; init; } = "/var/lib/chargecars";
}

[Flags]
internal enum BinaryPlaces
{
    None = 0,
    SearchPath = 1,
    InstallFolders = 2,
    Npm = 4,
    All = SearchPath | InstallFolders | Npm,
}
