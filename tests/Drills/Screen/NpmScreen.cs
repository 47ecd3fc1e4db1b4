using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Screen;

/// <summary>A screen that runs the public client from npm in Node; what happens to it is kept in order.</summary>
internal sealed class NpmScreen : IAsyncDisposable
{
    private readonly Process _node;
    private readonly List<JsonElement> _happenings = [];

    private NpmScreen(Process node)
    {
        _node = node;
        _node.OutputDataReceived += (_, line) => Keep(line.Data);
        _node.BeginOutputReadLine();
        _node.BeginErrorReadLine();
    }

    /// <summary>Where the client's program and its lock file are.</summary>
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Screen", "client");

    /// <summary>Installs what the lock file names.</summary>
    public static async Task InstallAsync()
    {
        var version = (await RunAsync("node", "--version")).TrimStart('v').Trim();
        if (!int.TryParse(version.Split('.')[0], out var major) || major < 20)
        {
            throw new DrillException($"Node {version} is too old for the screen drill: install Node 20 or newer (https://nodejs.org).");
        }

        await RunAsync("npm", "ci", "--no-audit", "--no-fund");
    }

    public static NpmScreen Start(Uri host, string token)
    {
        var start = Command("node", "screen.mjs", host.OriginalString.TrimEnd('/'));
        start.RedirectStandardInput = true;
        start.Environment["SCREEN_TOKEN"] = token;
        return new(Process.Start(start)!);
    }

    /// <summary>All that happened until now.</summary>
    public IReadOnlyList<JsonElement> Happenings
    {
        get
        {
            lock (_happenings)
            {
                return [.. _happenings];
            }
        }
    }

    public IEnumerable<JsonElement> Of(params string[] kinds) =>
        Happenings.Where(happening => kinds.Contains(happening.GetProperty("kind").GetString()));

    /// <summary>The changes in the order in which this screen took them.</summary>
    public IEnumerable<long> Sequences => Of("missed", "changes")
        .SelectMany(message => message.GetProperty("changes").EnumerateArray())
        .Select(change => change.GetProperty("sequence").GetInt64());

    public async Task UntilAsync(Func<NpmScreen, bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition(this))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(30) || _node.HasExited)
            {
                throw new DrillException($"The npm client did not get as far as this within 30 s: {what}. Last: {(Happenings is [.., var last] ? last : "nothing")}");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_happenings)
            {
                _happenings.Add(JsonDocument.Parse(line).RootElement);
            }
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(Command(program, arguments))!;
            var (output, fault) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? await output
                : throw new DrillException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await fault}");
        }
        catch (Win32Exception)
        {
            throw new DrillException($"The screen drill runs the public SignalR client and needs Node 20 or newer with npm: {program} was not found. See https://nodejs.org.");
        }
    }

    private static ProcessStartInfo Command(string program, params string[] arguments) => new(
        OperatingSystem.IsWindows() && program == "npm" ? "npm.cmd" : program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
