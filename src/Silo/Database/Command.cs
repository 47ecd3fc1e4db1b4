using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ChargeCars.Silo.Database;

/// <summary>What a program answered: its exit code and everything that it printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines: where programs say why they gave up.</summary>
    public string Tail => LastLines(Output);

    public static string LastLines(string text, int count = 12) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(count));
}

/// <summary>Runs one program to its end.</summary>
internal static class Command
{
    /// <summary>The exit code for a program that can't be started at all, as shells have it.</summary>
    private const int NotFound = 127;

    /// <summary>
    /// What programs get of the host's environment: where programs, libraries and temporary files are, and who accounts are.
    /// Nothing else, as the host's may hold keys and passwords, and whoever is superuser in PostgreSQL can read PostgreSQL's.
    /// </summary>
    private static readonly HashSet<string> Inherited = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "PATHEXT", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SystemDrive", "ComSpec",
        "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LD_PRELOAD", "NSS_WRAPPER_PASSWD", "NSS_WRAPPER_GROUP",
    };

    /// <summary>Runs it, and answers when it has ended.</summary>
    /// <param name="program">Its path, or a name that is searched for.</param>
    /// <param name="arguments">As it gets them; no shell reads them.</param>
    /// <param name="ct">Ends the program too.</param>
    /// <param name="input">What it reads; nothing where null.</param>
    /// <param name="capture">Whether what it prints is kept.</param>
    /// <param name="alsoInherits">Further variables of the host's environment that it gets.</param>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken ct, string? input = null, bool capture = true, Func<string, bool>? alsoInherits = null)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, capture, alsoInherits) };
        var output = new StringBuilder();
        void Collect(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.AppendLine(line.Data);
        }

        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            return new CommandResult(NotFound, fault.Message);
        }

        if (capture)
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        lock (output)
            return new CommandResult(process.ExitCode, output.ToString().Trim());
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, bool capture, Func<string, bool>? alsoInherits)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = capture,
            RedirectStandardError = capture,
            UseShellExecute = false,
            CreateNoWindow = true,
            // The account that the program drops to may not be able to enter the host's working folder.
            WorkingDirectory = OperatingSystem.IsWindows() ? "" : "/",
        };
        foreach (var name in start.Environment.Keys.Where(name => !Inherited.Contains(name) && alsoInherits?.Invoke(name) is not true).ToList())
            start.Environment.Remove(name);
        // Messages are read here, so they stay English.
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
