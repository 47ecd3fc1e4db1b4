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

    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken ct, string? input = null, bool capture = true)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, capture) };
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

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, bool capture)
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
        // PGDATA, PGPORT and their kin belong to somebody else's server; messages are read here, so they stay English.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
