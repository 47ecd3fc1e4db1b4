using System.Globalization;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>Turns what PostgreSQL's programs print into what the operator is to do.</summary>
internal static class PostgresFault
{
    private const string NoSpace = "No space left on device";
    private const int UnixNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsDiskFull(IOException fault) =>
        fault.HResult is UnixNoSpace or WindowsDiskFull || fault.Message.Contains(NoSpace, StringComparison.OrdinalIgnoreCase);

    public static StartupException DiskFull(string folder, Exception? inner = null)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace / 1024 / 1024;
        return new StartupException(
            $"No space left on device: {folder} has {free.ToString(CultureInfo.InvariantCulture)} MB free, and PostgreSQL needs room to write. " +
            "Free some space, or set ChargeCars__DataDirectory to a folder on a larger disk. Nothing that was committed is lost.", inner);
    }

    /// <param name="doing">What was tried, such as "initdb".</param>
    /// <param name="output">What the program printed, or the end of the server's log.</param>
    public static StartupException From(string doing, string output, ClusterHome home) =>
        output.Contains(NoSpace, StringComparison.OrdinalIgnoreCase)
            ? DiskFull(home.Folder)
            : new StartupException(
                $"""
                PostgreSQL failed: {doing}. Its last words:
                {CommandResult.LastLines(output)}
                Its files are in {home.Folder} (log: {home.Log}). Put right what it names, or set ConnectionStrings:ChargeCars to a database of your own.
                """);
}
