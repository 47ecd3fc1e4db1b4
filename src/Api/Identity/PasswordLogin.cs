using ChargeCars.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>How a login ended.</summary>
internal enum LoginOutcome
{
    SignedIn,

    /// <summary>Unknown, wrong, closed or locked: the answer does not say which.</summary>
    Refused,

    /// <summary>The password is right, and the account asks for a second factor, which can't be given yet.</summary>
    SecondFactorNeeded,

    /// <summary>Too many others log in at this moment.</summary>
    Busy,
}

/// <summary>Login by the contact's email address and a password.</summary>
internal sealed partial class PasswordLogin(NpgsqlDataSource source, Passwords passwords, TimeProvider time, ILogger<PasswordLogin> logger)
{
    // Two accounts may share an address, as contacts do; LIMIT 2 is enough to notice.
    private const string SelectSql = $"""
        SELECT {SignedInUser.Columns}, u.password, u.is_active AND r.is_active AND coalesce(u.account_locked_until <= $2, true), u.two_factor_enabled
        {SignedInUser.From} WHERE lower(c.email) = lower($1) LIMIT 2
        """;

    // Asked for an unknown user too, without a row to change, and without waiting for the disk: the time of the answer
    // must not tell the two apart.
    private const string LazilySql = "SELECT set_config('synchronous_commit', 'off', true)";
    private const string CountFailureSql = "UPDATE user_account SET login_attempts = login_attempts + 1 WHERE id = $1";

    private const string RecordSql = """
        UPDATE user_account SET last_login = $2, login_attempts = 0, password = CASE WHEN password = $3 THEN $4 ELSE password END
        WHERE id = $1
        """;

    public async Task<(LoginOutcome Outcome, SignedInUser? User)> TryAsync(string email, string password, CancellationToken cancellation)
    {
        // Before the database is asked, so that a flood costs it nothing either.
        using var turn = await passwords.Turns.AcquireAsync(1, cancellation);
        if (!turn.IsAcquired)
        {
            return (LoginOutcome.Busy, null);
        }

        var account = await FindAsync(email.Trim(), cancellation);
        var verified = passwords.Verify(account?.Hash, password);
        if (verified == PasswordVerificationResult.Failed || account is null or { MayLogIn: false })
        {
            await CountFailureAsync(account?.User.Id ?? Guid.Empty);
            return (LoginOutcome.Refused, null);
        }

        // Seam: the challenge of the second factor starts here. Until then such an account has no way in, rather than one
        // without its second factor.
        if (account.SecondFactor)
        {
            return (LoginOutcome.SecondFactorNeeded, null);
        }

        var hash = verified == PasswordVerificationResult.SuccessRehashNeeded ? passwords.Hash(password) : account.Hash;
        await RecordAsync(account, hash);
        return (LoginOutcome.SignedIn, account.User);
    }

    private async Task<Account?> FindAsync(string email, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectSql);
        command.Parameters.Add(Sql.Text(email));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        const int Next = SignedInUser.ColumnCount;
        var account = new Account(SignedInUser.Read(row), row.GetString(Next), row.GetBoolean(Next + 1), row.GetBoolean(Next + 2));
        if (await row.ReadAsync(cancellation))
        {
            LogAmbiguous(logger, account.User.Id, row.GetGuid(0));
            return null;
        }

        return account;
    }

    // Not cancelled with the request: a guesser who hangs up is counted all the same.
    private async Task CountFailureAsync(Guid id)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(LazilySql));
        batch.BatchCommands.Add(new(CountFailureSql) { Parameters = { Sql.Uuid(id) } });
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task RecordAsync(Account account, string hash)
    {
        await using var command = source.CreateCommand(RecordSql);
        command.Parameters.Add(Sql.Uuid(account.User.Id));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        command.Parameters.Add(Sql.Text(account.Hash));
        command.Parameters.Add(Sql.Text(hash));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Warning, "The accounts {First} and {Second} share an email address, so neither can log in by it: change one")]
    private static partial void LogAmbiguous(ILogger logger, Guid first, Guid second);

    private sealed record Account(SignedInUser User, string Hash, bool MayLogIn, bool SecondFactor);
}
