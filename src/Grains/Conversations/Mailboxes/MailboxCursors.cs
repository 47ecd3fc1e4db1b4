using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Mailboxes;

/// <summary>How far a mailbox was read. A row of <c>mailbox_cursor</c>.</summary>
/// <param name="AccountId">The channel whose mailbox it is.</param>
/// <param name="UidValidity">The server's word for this numbering of the folder; 0 before the first reading.</param>
/// <param name="LastUid">The number of the newest mail that was taken.</param>
/// <param name="IsRescan">Whether the folder is numbered anew and what is known already is passed over.</param>
/// <param name="NextAt">When it is read next, UTC.</param>
/// <param name="Failures">How often in a row it could not be read.</param>
internal sealed record MailboxCursor(Guid AccountId, long UidValidity, long LastUid, bool IsRescan, DateTimeOffset NextAt, int Failures);

/// <summary>Keeps how far mailboxes were read; a step over a mail is taken once it is kept.</summary>
internal sealed class MailboxCursors(NpgsqlDataSource source, TimeProvider time)
{
    private const string SelectAccount = "SELECT id FROM communication_channel WHERE channel = 'email' AND lower(address) = lower($1) AND is_active";

    private const string SelectOne = """
        INSERT INTO mailbox_cursor (channel_account_id, next_at) VALUES ($1, $2)
        ON CONFLICT (channel_account_id) DO UPDATE SET failures = mailbox_cursor.failures
        RETURNING uid_validity, last_uid, is_rescan, next_at, failures
        """;

    private const string RenumberSql = """
        UPDATE mailbox_cursor SET is_rescan = uid_validity <> 0, uid_validity = $2, last_uid = 0 WHERE channel_account_id = $1;
        """;

    private const string AdvanceSql = "UPDATE mailbox_cursor SET last_uid = greatest(last_uid, $3) WHERE channel_account_id = $1 AND uid_validity = $2";

    private const string MissSql = """
        INSERT INTO mailbox_missed (channel_account_id, uid_validity, uid, attempts, error, missed_at) VALUES ($1, $2, $3, 1, $4, $5)
        ON CONFLICT (channel_account_id, uid_validity, uid) DO UPDATE SET attempts = mailbox_missed.attempts + 1, error = excluded.error
        """;

    private const string FoundSql = "DELETE FROM mailbox_missed WHERE channel_account_id = $1 AND uid_validity = $2 AND uid = $3";

    private const string SelectMissed = """
        SELECT uid FROM mailbox_missed WHERE channel_account_id = $1 AND uid_validity = $2 AND attempts < $3 ORDER BY uid LIMIT 100
        """;

    private const string EndSql = """
        UPDATE mailbox_cursor SET next_at = $2, failures = $3, last_error = $4, read_at = CASE WHEN $4::text IS NULL THEN $5 ELSE read_at END,
            is_rescan = is_rescan AND $4::text IS NOT NULL
        WHERE channel_account_id = $1
        """;

    private const string SelectKnown = "SELECT external_message_id FROM communication_message WHERE external_message_id = ANY ($1) AND direction = 'inbound'";

    /// <summary>The active channel of an address; null where there is none.</summary>
    public async Task<Guid?> AccountAsync(string address, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectAccount);
        command.Parameters.Add(Sql.Text(address));
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>How far a mailbox was read.</summary>
    public async Task<MailboxCursor> ReadAsync(Guid account, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOne);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(account, row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt32(4));
    }

    /// <summary>The folder is numbered anew: it is read from its beginning, and what is known is passed over.</summary>
    public async Task RenumberAsync(Guid account, long uidValidity, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(RenumberSql);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Bigint(uidValidity));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The step over a mail.</summary>
    public static NpgsqlBatchCommand Advance(Guid account, long uidValidity, long uid) =>
        new(AdvanceSql) { Parameters = { Sql.Uuid(account), Sql.Bigint(uidValidity), Sql.Bigint(uid) } };

    /// <summary>A mail that was missed was taken.</summary>
    public static NpgsqlBatchCommand Found(Guid account, long uidValidity, long uid) =>
        new(FoundSql) { Parameters = { Sql.Uuid(account), Sql.Bigint(uidValidity), Sql.Bigint(uid) } };

    /// <summary>Takes some steps, together.</summary>
    public async Task RunAsync(IEnumerable<NpgsqlBatchCommand> steps, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        foreach (var step in steps)
        {
            batch.BatchCommands.Add(step);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>The server did not hand a mail over: the next ones are read, and this one is asked for again.</summary>
    public Task MissAsync(Guid account, long uidValidity, long uid, string error, CancellationToken cancellation) => RunAsync(
        [
            new(MissSql) { Parameters = { Sql.Uuid(account), Sql.Bigint(uidValidity), Sql.Bigint(uid), Sql.Text(error), Sql.Time(time.GetUtcNow()) } },
            Advance(account, uidValidity, uid),
        ],
        cancellation);

    /// <summary>Mails that were not handed over and are asked for again.</summary>
    /// <param name="account">Whose mailbox.</param>
    /// <param name="uidValidity">The numbering.</param>
    /// <param name="most">How often each is asked for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<long>> MissedAsync(Guid account, long uidValidity, int most, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectMissed);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Bigint(uidValidity));
        command.Parameters.Add(Sql.Integer(most));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var missed = new List<long>();
        while (await row.ReadAsync(cancellation))
        {
            missed.Add(row.GetInt64(0));
        }

        return missed;
    }

    /// <summary>A reading is over; with what went wrong, where it failed.</summary>
    public async Task EndAsync(Guid account, DateTimeOffset nextAt, int failures, string? error, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(EndSql);
        command.Parameters.Add(Sql.Uuid(account));
        command.Parameters.Add(Sql.Time(nextAt));
        command.Parameters.Add(Sql.Integer(failures));
        command.Parameters.Add(Sql.Text(error));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Those of some ids that are mails which we have.</summary>
    public async Task<IReadOnlySet<string>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectKnown);
        command.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.Text, ids.ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            known.Add(row.GetString(0));
        }

        return known;
    }
}
