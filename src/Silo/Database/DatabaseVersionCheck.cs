using System.Diagnostics;
using System.Net.Sockets;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>Whether the database that is configured in ConnectionStrings:ChargeCars answers and is new enough.</summary>
public static class DatabaseVersionCheck
{
    private const string Key = "ConnectionStrings:ChargeCars";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A database that is still starting gets this long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="StartupException">It is unreachable, refuses the host, or is older than PostgreSQL 15.</exception>
    public static Task EnsureAsync(string connectionString, ILogger logger, CancellationToken ct) =>
        EnsureAsync(connectionString, logger, Patience, ct);

    internal static async Task EnsureAsync(string connectionString, ILogger logger, TimeSpan patience, CancellationToken ct)
    {
        var settings = Parse(connectionString);
        var place = $"{settings.Host}:{settings.Port}, database {settings.Database ?? settings.Username}";
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(ct);
                EnsureNewEnough(connection.PostgreSqlVersion, place);
                return;
            }
            catch (PostgresException refusal) when (!IsStarting(refusal))
            {
                throw new StartupException($"The database at {place} refuses the host: {refusal.MessageText}. Check {Key}.", refusal);
            }
            catch (Exception fault) when (fault is NpgsqlException or SocketException or TimeoutException)
            {
                var reason = (fault as PostgresException)?.MessageText ?? fault.GetBaseException().Message;
                if (since.Elapsed + Pause > patience)
                    throw new StartupException(
                        $"The database at {place} did not answer within {patience.TotalSeconds:0} seconds: {reason.TrimEnd('.')}. " +
                        $"Start it or correct {Key}; leave that key out to run a private PostgreSQL instead.", fault);
                logger.LogInformation("Waiting for the database at {Place}: {Reason}", place, reason);
            }

            await Task.Delay(Pause, ct);
        }
    }

    private static void EnsureNewEnough(Version found, string place)
    {
        if (found.Major < PostgresBinaries.OldestMajor)
            throw new StartupException(
                $"The database at {place} is PostgreSQL {found}; {PostgresBinaries.OldestMajor} or newer is needed. Upgrade it, or point {Key} at another.");
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            // Short attempts: one that hangs must not use up the whole wait.
            return new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new StartupException($"{Key} is no connection string for Npgsql: {fault.Message}", fault);
        }
    }

    private static bool IsStarting(PostgresException refusal) => refusal.SqlState is
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or
        PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections;
}
