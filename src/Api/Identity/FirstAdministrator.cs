using System.Security.Cryptography;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>
/// The way in on an empty database: an administrator by configuration (<see cref="EmailKey"/>, <see cref="PasswordKey"/>),
/// or one with a random password, shown once and written to a file that only the host's own user can read.
/// </summary>
internal sealed class FirstAdministrator(NpgsqlDataSource source, Passwords passwords, IConfiguration configuration, TimeProvider time)
{
    public const string EmailKey = "CHARGECARS_ADMIN_EMAIL";
    public const string PasswordKey = "CHARGECARS_ADMIN_PASSWORD";
    public const string FileName = "first-admin.txt";
    private const string Why = "First administrator";
    private const string DefaultEmail = "admin@chargecars.local";
    private const int ShortestPassword = 12;

    // Without what people mistake for something else: the password is copied from a console by hand.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int RandomLength = 24;

    private const string LockSql = "SELECT pg_advisory_xact_lock(7214003)";
    private const string AnybodySql = "SELECT EXISTS (SELECT 1 FROM user_account)";
    private const string RoleSql = "SELECT id FROM user_role WHERE role_name = 'admin' AND partner_organization_id IS NULL AND is_active";

    private const string ContactSql = """
        INSERT INTO contact (id, first_name, last_name, email, contact_type, created_at, updated_at)
        VALUES ($1, 'First', 'Administrator', $2, 'employee', $3, $3)
        """;

    /// <summary>
    /// Makes the account unless there is one; of hosts that start together one makes it. Throws
    /// <see cref="StartupException"/> for a configuration that can't be meant.
    /// </summary>
    /// <param name="dataDirectory">Where the file with a random password goes.</param>
    /// <param name="console">Where a random password is shown; never a log, as logs are kept and passed on.</param>
    /// <param name="cancellation">Ends the wait for another host.</param>
    /// <returns>Whether this call made it.</returns>
    public async Task<bool> EnsureAsync(string dataDirectory, TextWriter console, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ScalarAsync(connection, LockSql, cancellation);
        if (await ScalarAsync(connection, AnybodySql, cancellation) is true)
        {
            return false;
        }

        var configured = Configured();
        var (email, password) = configured ?? (DefaultEmail, RandomNumberGenerator.GetString(Alphabet, RandomLength));
        await InsertAsync(connection, email, passwords.Hash(password), cancellation);

        // The file before the commit: an account whose password nobody has would lock everybody out, while a file of an
        // account that was not made is replaced by the next attempt.
        var file = Path.Combine(dataDirectory, FileName);
        if (configured is null)
        {
            PrivateFile.Write(file, $"email: {email}\npassword: {password}\n");
        }

        await transaction.CommitAsync(cancellation);
        if (configured is null)
        {
            await console.WriteLineAsync($"First administrator (also in {file}; change the password after the first login):\n  email: {email}\n  password: {password}");
        }

        return true;
    }

    private (string Email, string Password)? Configured()
    {
        var (email, password) = (configuration[EmailKey]?.Trim(), configuration[PasswordKey]);
        if (string.IsNullOrEmpty(email) && string.IsNullOrEmpty(password))
        {
            return null;
        }

        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password))
        {
            var (set, missing) = string.IsNullOrEmpty(email) ? (PasswordKey, EmailKey) : (EmailKey, PasswordKey);
            throw new StartupException(
                $"{set} is set without {missing}, so there is no first administrator to make. Set both, or neither for a random password.");
        }

        if (email.IndexOf('@', StringComparison.Ordinal) is var at && (at < 1 || at == email.Length - 1 || email.Any(char.IsWhiteSpace)))
        {
            throw new StartupException($"{EmailKey} is not an email address. Set the first administrator's, such as name@example.com.");
        }

        return password.Length < ShortestPassword
            ? throw new StartupException($"{PasswordKey} is shorter than {ShortestPassword} characters. Choose a longer password.")
            : CommonPasswords.Contains(password)
                ? throw new StartupException($"{PasswordKey} is one of the passwords that guessers try first. Choose words that don't belong together.")
                : (email, password);
    }

    private async Task InsertAsync(NpgsqlConnection connection, string email, string hash, CancellationToken cancellation)
    {
        var role = await ScalarAsync(connection, RoleSql, cancellation) as Guid?
            ?? throw new StartupException("The database has no active role 'admin' (user_role), which the first administrator needs. Restore it.");
        var now = time.GetUtcNow();
        var (contact, account) = (Guid.CreateVersion7(now), Guid.CreateVersion7(now));
        var (forContact, forAccount) = (new CommandContext(Guid.CreateVersion7(now), Actor.System), new CommandContext(Guid.CreateVersion7(now), Actor.System));
        var person = new NpgsqlBatchCommand(ContactSql) { Parameters = { Sql.Uuid(contact), Sql.Text(email), Sql.Time(now) } };
        var baseline = RowJson.ForRow(new
        {
            id = contact, firstName = "First", lastName = "Administrator", email, contactType = "employee", isPrimary = false, createdAt = now,
        }).Text;
        var administrator = new UserAccount
        {
            Id = account, CreatedAt = now, ContactId = contact, Password = hash, RoleId = role, IsActive = true, EmailVerified = true, Version = 1,
        };
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new AuditEntry("contact", contact, "CREATE", null, baseline, Why, AuditEntry.ContextOf(forContact, version: 1), now).Around(person, forContact),
                ((IRowMapping)AccountTable.Rows).Write(
                    RowOperation.Insert, parts: false, [new(AccountTable.Rows, RowOperation.Insert, forAccount.CommandId, administrator, 0)]),
                AuditRow.Insert([new(
                    forAccount.CommandId,
                    AuditEntry.Between(AccountTable.Rows, account, null, administrator, 1, statusChanged: false, Why, forAccount, now),
                    forAccount)]),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }
}
