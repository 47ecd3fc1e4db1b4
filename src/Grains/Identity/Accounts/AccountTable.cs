using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Identity.Accounts;

/// <summary>The table <c>user_account</c>.</summary>
internal sealed class AccountTable : IEntityTable<UserAccount>
{
    public const string TableName = "user_account";

    private const string Columns = """
        id, version, created_at, contact_id, password, role_id, scopes, user_organization_id, is_active, email_verified,
        email_verification_token, email_verification_expires, last_login, login_attempts, account_locked_until, password_reset_token,
        password_reset_expires, two_factor_enabled, two_factor_secret, two_factor_last_step, recovery_code_hashes
        """;

    private const string InsertRow = $"""
        INSERT INTO user_account ({Columns})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    // created_at and contact_id never change; their values are given all the same, so that both statements share a list.
    private const string UpdateRow = """
        UPDATE user_account SET version = $2, created_at = $3, contact_id = $4, password = $5, role_id = $6, scopes = $7,
            user_organization_id = $8, is_active = $9, email_verified = $10, email_verification_token = $11,
            email_verification_expires = $12, last_login = $13, login_attempts = $14, account_locked_until = $15,
            password_reset_token = $16, password_reset_expires = $17, two_factor_enabled = $18, two_factor_secret = $19,
            two_factor_last_step = $20, recovery_code_hashes = $21
        WHERE id = $1 AND version = $22
        """;

    public static string Name => TableName;

    public static string Select => $"SELECT {Columns} FROM user_account WHERE id = $1";

    public static UserAccount Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Version = row.GetInt64(1),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(2),
        ContactId = row.GetGuid(3),
        Password = row.GetString(4),
        RoleId = row.GetGuid(5),
        Scopes = row.Optional<string[]>(6)?.Select(WireText.Parse<AccountScope>).ToArray() ?? [],
        UserOrganizationId = row.OptionalValue<Guid>(7),
        IsActive = row.GetBoolean(8),
        EmailVerified = row.GetBoolean(9),
        EmailVerificationToken = row.Optional<string>(10),
        EmailVerificationExpires = row.OptionalValue<DateTimeOffset>(11),
        LastLogin = row.OptionalValue<DateTimeOffset>(12),
        LoginAttempts = row.GetInt32(13),
        AccountLockedUntil = row.OptionalValue<DateTimeOffset>(14),
        PasswordResetToken = row.Optional<string>(15),
        PasswordResetExpires = row.OptionalValue<DateTimeOffset>(16),
        TwoFactorEnabled = row.GetBoolean(17),
        TwoFactorSecret = row.Optional<string>(18),
        TwoFactorLastStep = row.OptionalValue<long>(19),
        RecoveryCodeHashes = row.GetFieldValue<string[]>(20),
    };

    public static NpgsqlBatchCommand Insert(UserAccount state) => Values(new(InsertRow), state);

    public static NpgsqlBatchCommand Update(UserAccount state, long expectedVersion)
    {
        var command = Values(new(UpdateRow), state);
        command.Parameters.Add(Sql.Bigint(expectedVersion));
        return command;
    }

    public static NpgsqlBatchCommand Delete(Guid id, long expectedVersion) =>
        throw new NotSupportedException("Accounts are closed and never deleted: history names them.");

    public static Error? Explain(PostgresException violation, UserAccount? state) => violation.ConstraintName switch
    {
        "ck_user_account_last_administrator" => new Conflict("last_administrator",
            "This is the last administrator: make another one first, or nobody could let anybody in."),
        "user_account_contact_id_fkey" => Invalid.Field("contactId", "is not a contact"),
        "uq_user_account_contact_id" => new Conflict("contact_taken", "This contact has an account already.", "contactId"),
        "user_account_role_id_fkey" => Invalid.Field("roleId", "is not a role"),
        "user_account_user_organization_id_fkey" => Invalid.Field("userOrganizationId", "is not an organization"),
        _ => null,
    };

    private static NpgsqlBatchCommand Values(NpgsqlBatchCommand command, UserAccount state)
    {
        var values = command.Parameters;
        values.Add(Sql.Uuid(state.Id));
        values.Add(Sql.Bigint(state.Version));
        values.Add(Sql.Time(state.CreatedAt));
        values.Add(Sql.Uuid(state.ContactId));
        values.Add(Sql.Text(state.Password));
        values.Add(Sql.Uuid(state.RoleId));
        values.Add(Sql.Array(NpgsqlDbType.Text, state.Scopes.Select(WireText.Of).ToArray()));
        values.Add(Sql.Uuid(state.UserOrganizationId));
        values.Add(Sql.Bool(state.IsActive));
        values.Add(Sql.Bool(state.EmailVerified));
        values.Add(Sql.Text(state.EmailVerificationToken));
        values.Add(Sql.Time(state.EmailVerificationExpires));
        values.Add(Sql.Time(state.LastLogin));
        values.Add(Sql.Integer(state.LoginAttempts));
        values.Add(Sql.Time(state.AccountLockedUntil));
        values.Add(Sql.Text(state.PasswordResetToken));
        values.Add(Sql.Time(state.PasswordResetExpires));
        values.Add(Sql.Bool(state.TwoFactorEnabled));
        values.Add(Sql.Text(state.TwoFactorSecret));
        values.Add(Sql.Bigint(state.TwoFactorLastStep));
        values.Add(Sql.Array(NpgsqlDbType.Text, state.RecoveryCodeHashes.ToArray()));
        return command;
    }
}
