using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>
/// Notices at once that the server died, and brings it back. It waits on an idle connection rather than on a process:
/// that works for a server that another host started, and the sessions of a killed server end with it.
/// </summary>
internal sealed class Supervision(ConnectionFile connection, Func<Task> restore, Action trimLog, ILogger logger)
{
    private static readonly TimeSpan BetweenTrims = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken ct)
    {
        var pause = TimeSpan.Zero;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var watched = await DatabaseSession.OpenAsync(connection, ct);
                pause = TimeSpan.Zero;
                while (true)
                {
                    await watched.WaitAsync(BetweenTrims, ct);
                    trimLog();
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException)
            {
                logger.LogWarning("PostgreSQL is gone ({Reason}); it is brought back", fault.Message);
            }

            try
            {
                await Task.Delay(pause, ct);
                await restore();
                logger.LogInformation("PostgreSQL is back");
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is StartupException or PortTakenException or NpgsqlException or IOException)
            {
                logger.LogError("PostgreSQL could not be brought back: {Reason}", fault.Message);
            }

            pause = pause == TimeSpan.Zero ? FirstPause : pause < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
