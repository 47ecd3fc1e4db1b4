using System.Runtime.InteropServices;
using ChargeCars.Platform.Storage;
using ChargeCars.Silo.Hosting;

namespace ChargeCars.Silo.Database;

/// <summary><c>database</c>: the private PostgreSQL without a host on it, for a restore or a look into it.</summary>
public static class DatabaseCommand
{
    /// <summary>Runs it until Ctrl-C or SIGTERM.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await RunAsync(args, Console.Out, stop.Token);
            return 0;
        }
        catch (Exception fault) when (StartupFault.Explain(fault) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs it until it is told to stop.</summary>
    /// <param name="args">Configuration, as on the host's command line.</param>
    /// <param name="output">Where it says how to connect, once that works.</param>
    /// <param name="stop">Ends the server in order.</param>
    /// <exception cref="StartupException">A database of one's own is configured, or a host runs on the private one.</exception>
    internal static async Task RunAsync(string[] args, TextWriter output, CancellationToken stop)
    {
        var configuration = ChargeCarsHost.CreateBuilder(args).Configuration;
        var cluster = ClusterOptions.From(configuration);
        if (cluster.IsCluster)
        {
            throw new StartupException("ConnectionStrings:ChargeCars is set: that database has a server of its own, and there is none to start here.");
        }

        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddSimpleConsole());
        await using var postgres = await HostDatabase.StartEmbeddedAsync(cluster, configuration, usedBy: null, loggers.CreateLogger("ChargeCars.Database"), stop);
        await output.WriteLineAsync($"PostgreSQL runs without a host: psql \"$(cat '{ConnectionFile.PathIn(cluster.DataDirectory)}')\". Ctrl-C ends it.");
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
