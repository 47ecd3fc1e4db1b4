using System.Diagnostics;

namespace ChargeCars.Drills.Files;

/// <summary>A disk that is soon full: memory mounted as a file system, where the drill may mount; else a folder that never is.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private string Ballast => Path.Combine(Folder, "ballast");

    private SmallDisk(string folder, bool isSmall) => (Folder, IsSmall) = (folder, isSmall);

    public string Folder { get; }

    public bool IsSmall { get; }

    public static async Task<SmallDisk> MakeAsync(int megabytes, DrillReport report)
    {
        var folder = Directory.CreateTempSubdirectory("chargecars-disk-").FullName;
        var isSmall = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        report.Say(isSmall ? $"the store is a disk of {megabytes} MB" : "the store is a folder");
        return new(folder, isSmall);
    }

    /// <summary>Takes all room there is.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create);
        var zeros = new byte[1024 * 1024];
        try
        {
            while (true)
            {
                ballast.Write(zeros);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Ballast);

    /// <summary>The files that the host keeps there.</summary>
    public IReadOnlyList<string> Files()
    {
        try
        {
            return [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(file => file != Ballast)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsSmall)
        {
            await RunAsync("umount", Folder);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
