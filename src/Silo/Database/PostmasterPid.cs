using System.Diagnostics;
using System.Globalization;

namespace ChargeCars.Silo.Database;

/// <summary>What a server says of itself in its cluster's postmaster.pid; a killed one leaves the file behind.</summary>
internal sealed record PostmasterPid(int Process, long Started, string Status)
{
    private const int ProcessLine = 0;
    private const int StartedLine = 2;
    private const int StatusLine = 7;

    public bool IsReady => Status == "ready";

    public bool IsStopping => Status == "stopping";

    public static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>Null when there is no file, or when the server is only just writing it.</summary>
    public static PostmasterPid? Read(string cluster)
    {
        try
        {
            var lines = File.ReadAllLines(PathIn(cluster));
            return lines.Length > StartedLine
                && int.TryParse(lines[ProcessLine], CultureInfo.InvariantCulture, out var process)
                && long.TryParse(lines[StartedLine], CultureInfo.InvariantCulture, out var started)
                ? new PostmasterPid(process, started, lines.Length > StatusLine ? lines[StatusLine].Trim() : "starting")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public bool IsSameServer(PostmasterPid? other) => other is not null && other.Process == Process && other.Started == Started;

    /// <summary>Whether any process has the number, also one that is dead and not yet collected by its parent.</summary>
    public bool NumberIsTaken()
    {
        if (OperatingSystem.IsLinux())
            return Directory.Exists($"/proc/{Process}");
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the process is alive and is the server of this cluster, not another that got its number.</summary>
    public async Task<bool> IsServerOfAsync(string cluster, ServerAccount account, CancellationToken ct)
    {
        if (!NumberIsTaken())
            return false;
        if (!OperatingSystem.IsLinux())
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }

        // A server works in its cluster's folder. Asked as its own account: a container's root may not look into
        // another user's process. The dead that nobody collected work nowhere.
        var folder = await account.RunAsync("readlink", [$"/proc/{Process}/cwd"], ct);
        return folder.Succeeded && folder.Output == await RealPathAsync(cluster, account, ct);
    }

    /// <summary>
    /// Ends the sessions that outlived their killed server: they keep its memory, and no server starts beside them.
    /// </summary>
    public static void EndOrphans(string cluster)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var process in System.Diagnostics.Process.GetProcessesByName("postgres"))
        {
            using (process)
            {
                try
                {
                    if (new FileInfo($"/proc/{process.Id}/cwd").LinkTarget == cluster)
                        process.Kill();
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // Gone meanwhile, or not ours to end.
                }
            }
        }
    }

    private static async Task<string> RealPathAsync(string folder, ServerAccount account, CancellationToken ct) =>
        (await account.RunAsync("readlink", ["-f", folder], ct)).Output;
}
