using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ChargeCars.Testing;

/// <summary>The real program in a process of its own, to be killed, frozen and started again.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly StringWriter _output = new();
    private Process? _process;

    /// <param name="environment">Configuration, as environment variables; ASPNETCORE_URLS is chosen here.</param>
    /// <param name="port">The HTTP port; 0 for a free one, kept over restarts.</param>
    public HostProcess(IReadOnlyDictionary<string, string> environment, int port = 0)
    {
        Url = new Uri($"http://127.0.0.1:{(port == 0 ? FreePort() : port)}");
        _environment = new(environment) { ["ASPNETCORE_URLS"] = Url.OriginalString, ["DOTNET_gcServer"] = "0" };
    }

    public Uri Url { get; }

    /// <summary>Where the program is; where it was built to, unless a copy is meant.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;

    public int Id => _process?.Id ?? throw new InvalidOperationException("The host was not started.");

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process is null or { HasExited: true };

    /// <summary>Starts it and answers how long it took until it was ready.</summary>
    public async Task<TimeSpan> StartAsync(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        Launch();
        await ReadyAsync(patience);
        return clock.Elapsed;
    }

    public void Launch()
    {
        var program = Path.Combine(Folder, "ChargeCars.Silo.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until <c>/health/ready</c> says yes.</summary>
    public async Task ReadyAsync(TimeSpan patience)
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < patience)
        {
            if (HasExited)
            {
                throw new InvalidOperationException($"The host ended before it was ready:\n{Output}");
            }

            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"The host was not ready within {patience}:\n{Output}");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await Patience.EndAsync(process);
        }
    }

    /// <summary>SIGSTOP: frozen, its sockets open.</summary>
    public void Freeze() => Signal(Id, 19);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal(Id, 18);

    /// <summary>SIGTERM, and waits for an orderly end.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            Signal(process.Id, 15);
            await Patience.EndAsync(process);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await KillAsync();
            process.Dispose();
        }

        await _output.DisposeAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.WriteLine(line);
            }
        }
    }

    private static void Signal(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach the process {process}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
