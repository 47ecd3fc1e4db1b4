using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>The server's own folder: the cluster, its socket, its log and, if they had to be fetched, its binaries.</summary>
internal sealed record ClusterHome(string Folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Cluster => Path.Combine(Folder, "cluster");

    public string Log => Path.Combine(Folder, "postgres.log");

    public string Socket => Path.Combine(Folder, "socket");

    public string Binaries => Path.Combine(Folder, "binaries");

    /// <summary>The major version of the cluster, or null when there is none yet.</summary>
    public string? ClusterVersion =>
        File.Exists(Path.Combine(Cluster, "PG_VERSION")) ? File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim() : null;

    /// <summary>Finds or makes the folder, and the account that owns it.</summary>
    public static async Task<(ClusterHome Home, ServerAccount Account)> PrepareAsync(
        EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct)
    {
        var data = options.DataDirectory;
        var note = Path.Combine(data, "postgres.location");
        var beside = Path.Combine(data, "postgres");
        var elsewhere = Path.Combine(options.RelocationDirectory, NameFor(data));

        var recorded = File.Exists(note) ? (await File.ReadAllTextAsync(note, ct)).Trim() : null;
        if (recorded is not null && recorded != elsewhere)
            throw new StartupException(
                $"""
                {data} was copied or moved: {note} says that its database is in {recorded}, made for another folder.
                Moved: move {recorded} to {elsewhere} and write that path into {note}.
                Copied: delete {note} to start with an empty database here.
                """);

        var home = new ClusterHome(recorded ?? beside);
        var account = await ServerAccount.ChooseAsync(home.Folder, ct);
        if (recorded is null && !await account.CanEnterAsync(data, ct))
        {
            if (home.ClusterVersion is not null)
                throw new StartupException(
                    $"The database in {home.Folder} belongs to the user '{account.Name}', who can't enter {data}. " +
                    "Move the data folder to where that user can enter, or set ChargeCars:DataDirectory.");
            logger.LogWarning(
                "PostgreSQL does not run as root and '{Account}' can't enter {Data}: its files go to {Elsewhere}, as {Note} records",
                account.Name, data, elsewhere, note);
            home = new ClusterHome(elsewhere);
            // The folder above is entered by every account that a root host drops to, so it stays open.
            Directory.CreateDirectory(options.RelocationDirectory);
            await File.WriteAllTextAsync(note, elsewhere + "\n", ct);
        }
        else if (recorded is not null && home.ClusterVersion is null && File.Exists(ConnectionFile.PathIn(data)))
        {
            throw new StartupException(
                $"{note} says that the database is in {recorded}, and it is not there. Restore that folder, " +
                $"or delete {note} and {ConnectionFile.PathIn(data)} to start with an empty database.");
        }

        await MakeAsync(home.Folder, account, ct);
        return (home, account);
    }

    /// <summary>Makes a folder that only the server's account enters.</summary>
    public static async Task MakeAsync(string folder, ServerAccount account, CancellationToken ct)
    {
        if (Directory.Exists(folder) && await account.CanEnterAsync(folder, ct))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
        await account.OwnAsync(folder, ct);
    }

    private static string NameFor(string folder) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
}
