using System.Diagnostics;
using System.Globalization;
using ChargeCars.Silo.Database;

namespace ChargeCars.Drills.Kill;

/// <summary>kill -9 of a private PostgreSQL; on Linux, where a process's parent can be read.</summary>
internal static class PostgresKill
{
    /// <param name="dataFolder">The host's.</param>
    /// <param name="postmasterOnly">Leaves its sessions as orphans, which end by themselves; else all die at once.</param>
    public static string Kill(string dataFolder, bool postmasterOnly)
    {
        var server = PostmasterPid.Read(Path.Combine(dataFolder, "postgres", "cluster"))
            ?? throw new InvalidOperationException($"No PostgreSQL runs in {dataFolder}.");
        var children = postmasterOnly ? [] : ChildrenOf(server.Process);
        End(server.Process);
        foreach (var child in children)
        {
            End(child);
        }

        return postmasterOnly ? "PostgreSQL's postmaster killed, its sessions orphaned" : $"PostgreSQL killed, postmaster and {children.Count} more";
    }

    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) && ParentOf(folder) == parent)
            {
                children.Add(process);
            }
        }

        return children;
    }

    private static int? ParentOf(string folder)
    {
        try
        {
            // "pid (name) state parent …"; the name may hold anything.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void End(int process)
    {
        try
        {
            using var victim = Process.GetProcessById(process);
            victim.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself meanwhile.
        }
    }
}
