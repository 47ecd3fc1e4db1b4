using System.Diagnostics;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>
/// Starts and stops the server of one cluster. pg_ctl gives it a session of its own, so that Ctrl-C ends the host
/// and the host ends the server, in that order.
/// </summary>
internal sealed class PostgresProcess(
    ClusterHome home, PostgresBinaries binaries, ServerAccount account, IReadOnlyDictionary<string, string> extraSettings)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Replaying 2 GB of WAL on a slow disk takes minutes, and is no fault.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(10);

    /// <summary>How long the sessions of a killed server get to notice.</summary>
    private static readonly TimeSpan Orphans = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FastStop = TimeSpan.FromSeconds(30);

    /// <summary>The server of this cluster that is alive now, if any.</summary>
    public async Task<PostmasterPid?> RunningAsync(CancellationToken ct) =>
        PostmasterPid.Read(home.Cluster) is { } server && await server.IsServerOfAsync(home.Cluster, account, ct) ? server : null;

    /// <summary>Starts the server and returns when it takes connections.</summary>
    /// <exception cref="StartupException">It gave up; the message has the end of its log.</exception>
    /// <exception cref="PortTakenException">Another program has the port.</exception>
    public async Task StartAsync(ConnectionFile connection)
    {
        if (connection.IsSocket)
            await ClusterHome.MakeAsync(connection.Host, account, CancellationToken.None);
        var withLz4 = await HasLz4Async();
        var since = Stopwatch.StartNew();
        var withTcp = true;
        while (true)
        {
            DropStaleFiles(connection);
            var settings = ServerSettings.For(connection, withTcp, withLz4, extraSettings);
            var (started, log) = await LaunchAsync(ServerSettings.AsOptions(settings));
            if (started)
                return;
            if (log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal))
            {
                // The socket alone serves the host; only a new connection string may choose another port.
                if (!connection.IsSocket || !withTcp)
                    throw new PortTakenException();
                withTcp = false;
            }
            else if (log.Contains("is still in use", StringComparison.Ordinal) && since.Elapsed < Orphans * 4)
            {
                if (since.Elapsed > Orphans)
                    PostmasterPid.EndOrphans(home.Cluster);
                await Task.Delay(Look * 5);
            }
            else
            {
                throw PostgresFault.From("the server did not start", log, home);
            }
        }
    }

    /// <summary>Disconnects everybody, writes a checkpoint and waits until the server is gone.</summary>
    public async Task StopAsync()
    {
        if (await RunningAsync(CancellationToken.None) is not { } server)
            return;
        await SignalAsync("fast");
        // The second time is safe too: the next start replays the WAL.
        while (!await IsGoneAsync(server) && await RunningAsync(CancellationToken.None) is not null)
            await SignalAsync("immediate");
    }

    /// <summary>Stops without a checkpoint: for data that is thrown away next.</summary>
    public async Task AbortAsync()
    {
        if (await RunningAsync(CancellationToken.None) is not { } server)
            return;
        await SignalAsync("immediate");
        await IsGoneAsync(server);
    }

    /// <summary>Waits until the server took its file away, which is the last thing that it does.</summary>
    private async Task<bool> IsGoneAsync(PostmasterPid server)
    {
        var since = Stopwatch.StartNew();
        while (server.IsSameServer(PostmasterPid.Read(home.Cluster)) && server.NumberIsTaken())
        {
            if (since.Elapsed > FastStop)
                return false;
            await Task.Delay(Look);
        }

        return true;
    }

    /// <summary>Gives the superuser a new password in a server that nobody can connect to.</summary>
    public async Task SetPasswordAsync(ConnectionFile connection, CancellationToken ct)
    {
        DropStaleFiles(connection);
        var changed = await account.RunAsync(
            binaries.Postgres, ["--single", "-D", home.Cluster, "postgres"], ct,
            input: $"ALTER ROLE {ConnectionFile.Name} PASSWORD '{connection.Password}'\n");
        if (!changed.Succeeded)
            throw PostgresFault.From("the password could not be renewed", changed.Output, home);
    }

    /// <summary>Keeps the log's last part: the server only ever appends.</summary>
    public void TrimLog(long limit = 8 * 1024 * 1024)
    {
        var log = new FileInfo(home.Log);
        if (!log.Exists || log.LinkTarget is not null || log.Length < limit)
            return;
        var previous = home.Log + ".previous";
        File.Delete(previous);
        File.Copy(home.Log, previous);
        using var emptied = new FileStream(home.Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
    }

    private async Task<(bool Started, string Log)> LaunchAsync(string options)
    {
        TrimLog();
        var logStart = File.Exists(home.Log) ? new FileInfo(home.Log).Length : 0;
        var before = PostmasterPid.Read(home.Cluster);
        var control = account.RunAsync(
            binaries.Control,
            ["start", "-w", "-s", "-t", $"{Recovery.TotalSeconds:0}", "-D", home.Cluster, "-l", home.Log, "-o", options],
            CancellationToken.None,
            // On Windows the server would inherit the pipe, and reading it would never end.
            capture: !OperatingSystem.IsWindows());

        // pg_ctl looks every 100 ms; the server's own word is there sooner.
        while (!control.IsCompleted)
        {
            if (PostmasterPid.Read(home.Cluster) is { IsReady: true } now && !now.IsSameServer(before))
                return (true, "");
            await Task.WhenAny(control, Task.Delay(Look));
        }

        var answer = await control;
        return (answer.Succeeded, answer.Succeeded ? "" : $"{LogSince(logStart)}\n{answer.Output}");
    }

    private Task<CommandResult> SignalAsync(string mode) =>
        account.RunAsync(binaries.Control, ["stop", "-W", "-s", "-m", mode, "-D", home.Cluster], CancellationToken.None);

    /// <summary>
    /// A server does not start while any process has the number in a stale file, be it another program or its own
    /// predecessor that nobody collected. The guard against two servers on one cluster is its shared memory, which is
    /// looked for whether or not these files are there.
    /// </summary>
    private void DropStaleFiles(ConnectionFile connection)
    {
        if (PostmasterPid.Read(home.Cluster) is { } stale && stale.NumberIsTaken())
            File.Delete(PostmasterPid.PathIn(home.Cluster));
        if (connection.IsSocket)
            File.Delete(Path.Combine(connection.Host, $".s.PGSQL.{connection.Port}.lock"));
    }

    private async Task<bool> HasLz4Async() =>
        (await account.RunAsync(
            binaries.Postgres, ["-D", home.Cluster, "-C", "wal_compression", "-c", "wal_compression=lz4"], CancellationToken.None)).Succeeded;

    private string LogSince(long start)
    {
        if (!File.Exists(home.Log))
            return "";
        using var log = new FileStream(home.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Min(start, log.Length), SeekOrigin.Begin);
        return new StreamReader(log).ReadToEnd();
    }
}

/// <summary>The port was free when it was chosen and is not any more.</summary>
internal sealed class PortTakenException : Exception;
