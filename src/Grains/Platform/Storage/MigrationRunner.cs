using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// Brings the database to the version of this program, before anything else uses it. Any number of hosts may start at
/// once: one migrates, the others wait for it and find nothing to do. A database that does not fit the program is
/// refused, by the name of the migration that does not fit.
/// </summary>
public sealed class MigrationRunner(NpgsqlDataSource source, ILogger<MigrationRunner> logger)
{
    /// <summary>The advisory lock that one runner holds while it migrates.</summary>
    internal const long LockKey = 0x4343_4D49_4752;

    private const int OldestServer = 15;

    private const string JournalSql = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number integer PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            duration interval NOT NULL
        )
        """;

    private const string ReadJournalSql = "SELECT number, name, checksum FROM schema_migration ORDER BY number";

    private const string RecordSql =
        "INSERT INTO schema_migration (number, name, checksum, duration) VALUES ($1, $2, $3, $4)";

    private readonly IReadOnlyList<Migration> _migrations = Migration.Embedded();

    internal MigrationRunner(
        NpgsqlDataSource source, ILogger<MigrationRunner> logger, IReadOnlyList<Migration> migrations)
        : this(source, logger) => _migrations = migrations;

    /// <summary>Applies what is missing, each migration in a transaction of its own.</summary>
    /// <returns>How many migrations were applied.</returns>
    /// <exception cref="StartupException">The database and the program do not fit, or a migration failed.</exception>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        RefuseGaps();
        await using var connection = await source.OpenConnectionAsync(ct);
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new StartupException(
                $"The database server is PostgreSQL {connection.PostgreSqlVersion}; ChargeCars needs {OldestServer} "
                + "or newer. Upgrade it, or let ConnectionStrings:ChargeCars name another server.");
        }

        // The common case, an up-to-date database, costs this one query.
        if (Missing(await ReadJournalAsync(connection, ct)).Count == 0)
            return 0;

        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", ct);
        try
        {
            await ExecuteAsync(connection, JournalSql, ct);
            var missing = Missing(await ReadJournalAsync(connection, ct));
            foreach (var migration in missing)
                await ApplyAsync(connection, migration, ct);
            return missing.Count;
        }
        finally
        {
            // A broken connection has given its lock back by itself.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await ExecuteAsync(connection, migration.Sql, ct);
            await using var record = new NpgsqlCommand(RecordSql, connection, transaction)
            {
                Parameters =
                {
                    new() { Value = migration.Number },
                    new() { Value = migration.Name },
                    new() { Value = migration.Checksum },
                    new() { Value = Stopwatch.GetElapsedTime(started) },
                },
            };
            await record.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException e)
        {
            throw new StartupException(
                $"The migration {migration.Name} failed and left nothing behind: {e.MessageText} (SQLSTATE {e.SqlState})."
                + e.SqlState switch
                {
                    PostgresErrorCodes.InsufficientPrivilege =>
                        " Give the database's role the right that is missing, or make the object as a superuser, and start again.",
                    PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile
                        when e.MessageText.Contains("extension", StringComparison.Ordinal) =>
                        " Install what PostgreSQL brings beside its server on the machine that it runs on (Debian: postgresql-contrib; "
                        + "Red Hat: postgresql-contrib; the container image postgres has it), and start again.",
                    _ => " Put right what it names, and start again.",
                },
                e);
        }

        logger.LogInformation(
            "Applied the migration {Migration} in {Milliseconds} ms",
            migration.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>The migrations that the journal lacks; refuses a journal that tells another history.</summary>
    private List<Migration> Missing(List<Applied> journal)
    {
        var known = _migrations.ToDictionary(migration => migration.Number);
        foreach (var applied in journal)
        {
            if (!known.TryGetValue(applied.Number, out var migration) || migration.Name != applied.Name)
            {
                throw new StartupException(
                    $"The database has the migration {applied.Name}, which this program does not know: the database is "
                    + "newer than the program. Start the newer program, or restore a backup from before its upgrade.");
            }

            if (migration.Checksum != applied.Checksum)
            {
                throw new StartupException(
                    $"The migration {applied.Name} was changed after it was applied to this database. Restore its file "
                    + "as it was, and make the change in a new migration.");
            }
        }

        var last = journal.Count == 0 ? 0 : journal[^1].Number;
        var done = journal.Select(applied => applied.Number).ToHashSet();
        var missing = _migrations.Where(migration => !done.Contains(migration.Number)).ToList();
        if (missing.Count > 0 && missing[0].Number < last)
        {
            throw new StartupException(
                $"The migration {missing[0].Name} was never applied to this database, though later ones were. Give it "
                + $"a number above {journal[^1].Name}'s, or restore the database from a backup.");
        }

        return missing;
    }

    private void RefuseGaps()
    {
        for (var i = 0; i < _migrations.Count; i++)
        {
            if (_migrations[i].Number == i + 1)
                continue;
            throw new StartupException(
                $"The migration {_migrations[i].Name} should have the number {i + 1:0000}: numbers run from 0001 "
                + "without a gap, and none is used twice. Rename its file.");
        }
    }

    private static async Task<List<Applied>> ReadJournalAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var journal = new List<Applied>();
        try
        {
            await using var command = new NpgsqlCommand(ReadJournalSql, connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                journal.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // A new database.
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartupException(
                $"The database's role {connection.UserName} may not read the table schema_migration: another role made the tables. Let ConnectionStrings:ChargeCars "
                + "name that role; or give it the tables, by REASSIGN OWNED or by pg_restore --no-owner.",
                e);
        }

        return journal;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // Waiting for another host's migration, or rewriting a large table, takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private readonly record struct Applied(int Number, string Name, string Checksum);
}
