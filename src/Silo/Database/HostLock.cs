using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>
/// One host per data folder: a file held open exclusively, which the operating system lets go of however the host ends.
/// Who holds it stands in a second file, because a file held this way can't be read by another .NET process.
/// </summary>
internal sealed class HostLock : IDisposable
{
    private readonly FileStream _held;

    private HostLock(FileStream held) => _held = held;

    /// <exception cref="StartupException">Another host holds the folder, or it can't be written to.</exception>
    public static HostLock Acquire(string dataDirectory, string? hostUrl)
    {
        var held = TryAcquire(dataDirectory) ?? throw new StartupException(
            $"""
            {dataDirectory} is in use by another ChargeCars host ({Holder(dataDirectory)}).
            Stop that one, or give this one a folder or a database of its own: ChargeCars__DataDirectory or ConnectionStrings__ChargeCars.
            """);
        var holder = $"pid {Environment.ProcessId}{(hostUrl is null ? "" : $", {hostUrl}")}";
        File.WriteAllText(HolderPath(dataDirectory), holder + "\n");
        return held;
    }

    /// <summary>Null when another process, or another owner in this one, holds it.</summary>
    public static HostLock? TryAcquire(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "host.lock");
        try
        {
            return new HostLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StartupException(
                $"{path} can't be written by the user '{Environment.UserName}'. Start the host as the owner of {dataDirectory}, " +
                "or set ChargeCars__DataDirectory to a folder of your own.", fault);
        }
        catch (IOException fault) when (!PostgresFault.IsDiskFull(fault))
        {
            return null;
        }
    }

    public void Dispose() => _held.Dispose();

    private static string HolderPath(string dataDirectory) => Path.Combine(dataDirectory, "host.holder");

    private static string Holder(string dataDirectory) =>
        File.Exists(HolderPath(dataDirectory)) ? File.ReadAllText(HolderPath(dataDirectory)).Trim() : "pid unknown";
}
