using ChargeCars.Platform.Storage;
using System.Data;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>
/// The steps by which one day's partition is replaced by a copy of it in the order of its vehicles. Each is a transaction of
/// its own, on the connection that holds <see cref="PositionDay.LockKey"/>. Whatever dies in between leaves a partition as it
/// was, and debris that <see cref="ClearAsync"/> takes away.
/// </summary>
/// <param name="connection">Of the tables' owner, without a limit on the time of a command.</param>
/// <param name="day">The day.</param>
internal sealed class PositionDaySettling(NpgsqlConnection connection, PositionDay day)
{
    /// <summary>The copy, until it is the partition. No name that retention takes for a day's.</summary>
    internal const string Copy = "vehicle_position_settling";

    /// <summary>Changes that may be carried over while readers and writers wait: some milliseconds' work.</summary>
    internal const int MostWhileLocked = 1_000;

    private const string Changes = "vehicle_position_change";
    private const string Trigger = "tr_position_settling";

    /// <summary>
    /// How long a step waits for a lock, and so for how long others queue up behind it. Much shorter than PostgreSQL's
    /// deadlock_timeout, at which it would cancel an autovacuum that is in the way.
    /// </summary>
    private const string Patience = "SET LOCAL lock_timeout = '50ms'";

    /// <summary>Also sorts a large day in few passes; it is not taken for longer than a step.</summary>
    private const string Memory = "128MB";

    private const string Debris = $"""
        SELECT trigger.tgrelid::regclass::text FROM pg_trigger trigger WHERE trigger.tgname = '{Trigger}'
        """;

    /// <summary>Whether an earlier run left anything behind, or another is at it.</summary>
    internal const string HasDebris = $"SELECT to_regclass('{Copy}') IS NOT NULL OR EXISTS ({Debris})";

    private readonly List<string> _indexes = [];
    private long _file;

    private string Partition => day.Partition;

    /// <summary>Takes away what a run that died left behind, of any day.</summary>
    /// <returns>False where a trigger stays, as its partition is in use: it does no harm but its own work.</returns>
    public static async Task<bool> ClearAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Never what is a partition.
        if (await ScalarAsync(connection, $"SELECT NOT relispartition FROM pg_class WHERE oid = to_regclass('{Copy}')", cancellation) is true)
            await ExecuteAsync(connection, $"DROP TABLE {Copy}", cancellation);
        var triggers = new List<string>();
        await using (var command = new NpgsqlCommand(Debris, connection))
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
                triggers.Add(row.GetString(0));
        }

        var cleared = true;
        foreach (var partition in triggers)
            cleared &= await PatientlyAsync(connection, $"DROP TRIGGER IF EXISTS {Trigger} ON {partition}", cancellation);
        await ExecuteAsync(connection, $"DELETE FROM {Changes}", cancellation);
        return cleared;
    }

    /// <summary>
    /// From here on every change of the day is noted: the lock waits for who writes to it, and who comes after has the trigger.
    /// </summary>
    /// <returns>False where the lock was not given in time; nothing was done.</returns>
    public Task<bool> PrepareAsync(CancellationToken cancellation) => PatientlyAsync(
        connection,
        $"""
        CREATE OR REPLACE TRIGGER {Trigger} AFTER INSERT OR UPDATE OR DELETE ON {Partition}
            FOR EACH ROW EXECUTE FUNCTION note_position_change();
        ALTER TABLE {Partition} ENABLE ALWAYS TRIGGER {Trigger}
        """,
        cancellation);

    /// <summary>
    /// Makes the copy, with the partition's indexes. The rows go through this process, as only so they can be written
    /// frozen: visible to snapshots of before the copy, and never to be visited by a vacuum again.
    /// </summary>
    /// <param name="reader">A second connection like the first.</param>
    /// <param name="cancellation"></param>
    public async Task CopyAsync(NpgsqlConnection reader, CancellationToken cancellation)
    {
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            _file = await FileAsync(cancellation);
            var indexes = await IndexesAsync(cancellation);
            // With the partition's range as a CHECK, so that ATTACH believes it without a scan.
            await ExecuteAsync(connection, $"""
                CREATE TABLE {Copy} (LIKE {Partition} INCLUDING ALL EXCLUDING INDEXES,
                    CONSTRAINT ck_range CHECK (fix_time >= {day.From} AND fix_time < {day.Until}))
                """, cancellation);
            await CopyRowsAsync(reader, cancellation);
            await ExecuteAsync(connection, $"SET LOCAL maintenance_work_mem = '{Memory}'", cancellation);
            foreach (var index in indexes)
                await ExecuteAsync(connection, index, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await ExecuteAsync(connection, $"ANALYZE {Copy}", cancellation);
    }

    /// <summary>Carries over what changed meanwhile, by what the partition has of it now.</summary>
    /// <returns>How many changes there were.</returns>
    public async Task<int> CatchUpAsync(CancellationToken cancellation)
    {
        // One snapshot: a change that is seen in the notes is seen in the partition, and one that isn't stays noted.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var changes = await CarryOverAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return changes;
    }

    /// <summary>
    /// Puts the copy in the partition's place. Readers and writers of all days wait for it, so it does little: they lock
    /// the parent first, as this does, and whoever has it no more holds the partition.
    /// </summary>
    /// <param name="now">The moment that the partition is marked with.</param>
    /// <param name="cancellation"></param>
    /// <returns>False where the locks were not given in time, or too much changed since <see cref="CatchUpAsync"/>; nothing was done.</returns>
    /// <exception cref="InvalidOperationException">The partition was truncated or rewritten, which no trigger notes.</exception>
    public async Task<bool> SwapAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await ExecuteAsync(connection, $"""
                {Patience};
                LOCK TABLE ONLY {PositionDay.Table} IN ACCESS EXCLUSIVE MODE;
                LOCK TABLE {Partition} IN ACCESS EXCLUSIVE MODE NOWAIT
                """, cancellation);
        }
        catch (PostgresException fault) when (IsInUse(fault))
        {
            return false;
        }

        if (await FileAsync(cancellation) != _file)
            throw new InvalidOperationException($"{Partition} was truncated or rewritten while it was settled.");
        if (await ScalarAsync(connection, $"SELECT count(*) FROM {Changes}", cancellation) is > (long)MostWhileLocked)
            return false;
        await CarryOverAsync(cancellation);
        await ExecuteAsync(connection, $"""
            ALTER TABLE {PositionDay.Table} DETACH PARTITION {Partition};
            ALTER TABLE {PositionDay.Table} ATTACH PARTITION {Copy} FOR VALUES FROM ({day.From}) TO ({day.Until});
            ALTER TABLE {Copy} DROP CONSTRAINT ck_range;
            DROP TABLE {Partition};
            ALTER TABLE {Copy} RENAME TO {Partition};
            {string.Concat(_indexes.Select((name, i) => $"ALTER INDEX {Copy}_{i + 1} RENAME TO {name};\n"))}
            COMMENT ON TABLE {Partition} IS '{PositionSettling.Mark}{now.UtcDateTime:O}'
            """, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task CopyRowsAsync(NpgsqlConnection reader, CancellationToken cancellation)
    {
        await using var snapshot = await reader.BeginTransactionAsync(cancellation);
        await ExecuteAsync(reader, $"SET LOCAL work_mem = '{Memory}'", cancellation);
        await using var rows = await reader.BeginRawBinaryCopyAsync(
            $"COPY (SELECT * FROM {Partition} ORDER BY vehicle_id, fix_time, source) TO STDOUT (FORMAT BINARY)", cancellation);
        var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Copy} FROM STDIN (FORMAT BINARY, FREEZE)", cancellation);
        try
        {
            await PassOnAsync(rows, copy, cancellation);
        }
        catch
        {
            // Its disposal would send what came so far as if it were all.
            await copy.CancelAsync();
            throw;
        }

        await copy.DisposeAsync();
    }

    /// <summary>Gathered, as what is read comes a row at a time.</summary>
    private static async Task PassOnAsync(Stream rows, Stream copy, CancellationToken cancellation)
    {
        var buffer = new byte[128 * 1024];
        var length = 0;
        while (await rows.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var read)
        {
            length += read;
            if (length > buffer.Length / 2)
            {
                await copy.WriteAsync(buffer.AsMemory(0, length), cancellation);
                length = 0;
            }
        }

        await copy.WriteAsync(buffer.AsMemory(0, length), cancellation);
    }

    private async Task<int> CarryOverAsync(CancellationToken cancellation)
    {
        // The copy is large and the changes are few, whatever statistics may say: nobody waits for it to be read whole.
        await ExecuteAsync(connection, $"""
            SET LOCAL enable_hashjoin = off;
            SET LOCAL enable_mergejoin = off;
            DELETE FROM {Copy} copied USING {Changes} changed
            WHERE copied.vehicle_id = changed.vehicle_id AND copied.fix_time = changed.fix_time AND copied.source = changed.source;
            INSERT INTO {Copy}
            SELECT present.* FROM (SELECT DISTINCT vehicle_id, fix_time, source FROM {Changes}) changed
            JOIN {Partition} present
                ON present.vehicle_id = changed.vehicle_id AND present.fix_time = changed.fix_time AND present.source = changed.source
            """, cancellation);
        await using var forget = new NpgsqlCommand($"DELETE FROM {Changes}", connection);
        return await forget.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<long> FileAsync(CancellationToken cancellation) =>
        await ScalarAsync(connection, $"SELECT pg_relation_filenode('{Partition}')::bigint", cancellation) is long file ? file : 0;

    /// <summary>What makes the partition's indexes on the copy, under numbers in place of their names, which it keeps for later.</summary>
    private async Task<List<string>> IndexesAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT quote_ident(name.relname), named.oid IS NOT NULL, index.indisunique,
                coalesce(pg_get_constraintdef(named.oid), substring(pg_get_indexdef(index.indexrelid) FROM 'USING .*$'))
            FROM pg_index index JOIN pg_class name ON name.oid = index.indexrelid
            LEFT JOIN pg_constraint named ON named.conindid = index.indexrelid AND named.conrelid = index.indrelid
            WHERE index.indrelid = '{Partition}'::regclass ORDER BY name.relname
            """, connection);
        var statements = new List<string>();
        _indexes.Clear();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            _indexes.Add(row.GetString(0));
            var name = $"{Copy}_{_indexes.Count}";
            statements.Add(row.GetBoolean(1)
                ? $"ALTER TABLE {Copy} ADD CONSTRAINT {name} {row.GetString(3)}"
                : $"CREATE {(row.GetBoolean(2) ? "UNIQUE " : "")}INDEX {name} ON {Copy} {row.GetString(3)}");
        }

        return statements;
    }

    private static async Task<bool> PatientlyAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await ExecuteAsync(connection, $"{Patience};\n{sql}", cancellation);
        }
        catch (PostgresException fault) when (IsInUse(fault))
        {
            return false;
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static bool IsInUse(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }
}
