using System.Diagnostics;
using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>Uses a server that runs on the cluster already: a killed host left it, or it recovered by itself.</summary>
internal sealed class ServerTakeover(PostgresProcess server, ConnectionFile connection, ILogger logger)
{
    /// <summary>What a running server gets to answer before it is stopped and started anew.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>False when there is none, or none any more: one that does not answer is stopped.</summary>
    public async Task<bool> TryAsync(CancellationToken ct)
    {
        var since = Stopwatch.StartNew();
        while (await server.RunningAsync(ct) is { } running)
        {
            if (await AnswersAsync(ct))
            {
                logger.LogInformation("Using the PostgreSQL that runs on this data already (pid {Process})", running.Process);
                return true;
            }

            // Starting may mean minutes of recovery, and stopping a long checkpoint; only silence is a fault.
            if (running.IsReady && since.Elapsed > Answer)
            {
                logger.LogWarning("The PostgreSQL that runs on this data does not answer (pid {Process}): it is started anew", running.Process);
                await server.StopAsync();
                return false;
            }

            await Task.Delay(Look, ct);
        }

        return false;
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await using var session = await DatabaseSession.OpenAsync(connection, ct);
            return true;
        }
        catch (PostgresException refusal)
        {
            // Any other refusal is an answer, and one that a new start would only repeat.
            return refusal.SqlState is not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
