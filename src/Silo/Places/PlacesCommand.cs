using System.Globalization;
using System.Runtime.InteropServices;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Places;
using ChargeCars.Silo.Database;
using ChargeCars.Silo.Hosting;
using Npgsql;

namespace ChargeCars.Silo.Places;

/// <summary><c>places load FILE</c>: loads the register of addresses from a file into the database of a host that runs, or that is configured.</summary>
public static class PlacesCommand
{
    private const string Usage = "Usage: places load FILE.csv (docs/operations.md says what is in it), with the host's configuration after it where that is not in the environment.";

    /// <summary>Of a hundred lines, one may be unreadable.</summary>
    private const int Tolerance = 100;

    /// <summary>Loads it; 1 where something must be put right first.</summary>
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
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped; what was loaded before is still there.");
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Loads it, and says what it brought.</summary>
    /// <exception cref="StartupException">The file or the database can't be used.</exception>
    internal static async Task RunAsync(string[] args, TextWriter output, CancellationToken stop)
    {
        if (args is not ["load", var path, .. var rest])
        {
            throw new StartupException(Usage);
        }

        if (!File.Exists(path))
        {
            throw new StartupException($"There is no file {path}.");
        }

        var configuration = ChargeCarsHost.CreateBuilder(rest).Configuration;
        var cluster = ClusterOptions.From(configuration);
        var connection = cluster.ConnectionString ?? ConnectionFile.Read(cluster.DataDirectory)?.ConnectionString
            ?? throw new StartupException($"There is no database: start the host, whose {ConnectionFile.PathIn(cluster.DataDirectory)} says where it is, or set ConnectionStrings__ChargeCars.");
        await using var source = NpgsqlDataSource.Create(connection);
        var file = new PlaceFile();
        try
        {
            using var input = new StreamReader(path);
            var loaded = await new PlaceLoader(source, TimeProvider.System).LoadAsync(file.Read(input), Path.GetFileName(path), loaded => Check(loaded, file), stop);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{loaded.Addresses:N0} addresses in {loaded.Streets:N0} streets are loaded in place of those before; {file.LeftOut:N0} lines were left out."));
            foreach (var fault in file.Faults)
            {
                await output.WriteLineAsync($"  {fault}");
            }
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            throw new StartupException(fault.Message, fault);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StartupException("The database has no tables for addresses: start a host of this version on it once.", fault);
        }
        catch (NpgsqlException fault) when (fault is not PostgresException)
        {
            throw new StartupException($"The database does not answer: {fault.Message} Start the host, or set ConnectionStrings__ChargeCars.", fault);
        }
    }

    // A file with many such lines is another file than it seems.
    private static void Check(PlaceLoading loaded, PlaceFile file)
    {
        if (loaded.Addresses == 0 || file.LeftOut > loaded.Addresses / Tolerance)
        {
            throw new FormatException($"{file.LeftOut} lines are no addresses and {loaded.Addresses} are, so nothing was loaded: {string.Join("; ", file.Faults)}");
        }
    }
}
