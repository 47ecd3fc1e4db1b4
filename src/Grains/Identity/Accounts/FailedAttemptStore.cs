using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Identity.Accounts;

/// <summary>
/// Failed attempts that no account's row counts: at an address without an account, and from addresses that an account knows. They are
/// rows as the account's own count is one, so that a restart treats both alike.
/// </summary>
/// <remarks>
/// Guesses at made-up addresses do not fill the disk: only attempts that were evaluated are written, which takes a hash of a password
/// each, and a row is deleted a day after it last counted (<see cref="LoginFailureRetention"/>).
/// </remarks>
internal sealed class FailedAttemptStore(NpgsqlDataSource source)
{
    /// <summary>Origins that are kept of one account.</summary>
    public const int MostOrigins = 100;

    private const string LoadSql = "SELECT origin, attempts, locked_until FROM login_failure WHERE account_id = $1 ORDER BY locked_until DESC LIMIT $2";

    private const string SaveSql = """
        INSERT INTO login_failure (account_id, origin, attempts, locked_until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, origin) DO UPDATE SET attempts = excluded.attempts, locked_until = excluded.locked_until
        """;

    private const string ForgetSql = "DELETE FROM login_failure WHERE account_id = $1 AND ($2::text IS NULL OR origin = $2)";

    /// <summary>By origin.</summary>
    public async Task<Dictionary<string, FailedAttempts>> LoadAsync(Guid accountId, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(LoadSql);
        command.Parameters.Add(Sql.Uuid(accountId));
        command.Parameters.Add(Sql.Integer(MostOrigins));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var failures = new Dictionary<string, FailedAttempts>();
        while (await row.ReadAsync(cancellation))
        {
            failures.Add(row.GetString(0), new(row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return failures;
    }

    /// <summary>In place of what was kept of that origin.</summary>
    public async Task SaveAsync(Guid accountId, string origin, FailedAttempts failures)
    {
        await using var command = source.CreateCommand(SaveSql);
        command.Parameters.Add(Sql.Uuid(accountId));
        command.Parameters.Add(Sql.Text(origin));
        command.Parameters.Add(Sql.Integer(failures.Count));
        command.Parameters.Add(Sql.Time(failures.Until));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One origin's; all of the account's with null.</summary>
    public async Task ForgetAsync(Guid accountId, string? origin)
    {
        await using var command = source.CreateCommand(ForgetSql);
        command.Parameters.Add(Sql.Uuid(accountId));
        command.Parameters.Add(Sql.Text(origin));
        await command.ExecuteNonQueryAsync();
    }
}
