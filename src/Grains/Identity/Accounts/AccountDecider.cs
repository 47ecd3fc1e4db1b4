namespace ChargeCars.Identity.Accounts;

/// <summary>What happened to an account, as change events name it.</summary>
internal enum AccountChange
{
    Created,
    Updated,
    LoginFailed,
    LoggedIn,
    PasswordChanged,
    TokenMade,
    EmailVerified,
    TwoFactorSetUp,
    TwoFactorEnabled,
    TwoFactorDisabled,
}

/// <summary>A change, and the account after it.</summary>
internal sealed record AccountEvent(AccountChange Change, UserAccount After, string Summary);

/// <summary>What can be asked of an account. Hashes, seals and time steps are made by who asks; the rules are here.</summary>
internal abstract record AccountCommand;

internal sealed record CreateAccount(Guid Id, Guid ContactId, AccountDetails Details) : AccountCommand;

internal sealed record ReviseAccount(AccountDetails Details) : AccountCommand;

/// <param name="What">What was wrong, for the audit.</param>
internal sealed record FailLogin(string What) : AccountCommand;

/// <param name="Hash">The password's hash by today's count; null to keep the one there is.</param>
/// <param name="Step">The time step of the code that was used.</param>
/// <param name="RecoveryHash">Or the hash of the recovery code that was.</param>
/// <param name="KnownAddress">Whether it came from an address that the account knows: strangers' failures go on to count then.</param>
internal sealed record SucceedLogin(string? Hash, long? Step = null, string? RecoveryHash = null, bool KnownAddress = false) : AccountCommand;

/// <param name="Verification">Of the address; else a password reset.</param>
/// <param name="Hash">The token's.</param>
/// <param name="Expires">When it ends; always as long after it was made.</param>
/// <param name="ByItself">Whether the account itself asks, or a stranger who names it; not an administrator.</param>
internal sealed record SetToken(bool Verification, string Hash, DateTimeOffset Expires, bool ByItself = false) : AccountCommand;

internal sealed record ResetPassword(string TokenHash, string Hash) : AccountCommand;

internal sealed record ChangePassword(string Hash) : AccountCommand;

internal sealed record VerifyEmail(string TokenHash) : AccountCommand;

internal sealed record SetUpTwoFactor(string Seal) : AccountCommand;

internal sealed record EnableTwoFactor(long Step, IReadOnlyList<string> RecoveryHashes) : AccountCommand;

internal sealed record DisableTwoFactor : AccountCommand;

/// <summary>Every rule of an account's commands: pure.</summary>
internal static class AccountDecider
{
    /// <summary>
    /// How long a link is left alone once it was sent. Whoever names somebody's address over and over sends them four mails
    /// an hour, and cannot void a link before its owner has had the time to use it.
    /// </summary>
    internal static readonly TimeSpan MailInterval = TimeSpan.FromMinutes(15);

    public static Result<AccountEvent> Decide(UserAccount? state, AccountCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, CreateAccount create) => Check(create.Details) is { } fault ? fault : Event(AccountChange.Created, new UserAccount
        {
            Id = create.Id,
            CreatedAt = now,
            ContactId = create.ContactId,
            RoleId = create.Details.RoleId!.Value,
            Scopes = create.Details.Scopes,
            UserOrganizationId = create.Details.UserOrganizationId,
            IsActive = create.Details.IsActive,
        }, "Account made"),
        ({ } account, CreateAccount) => new Conflict("exists", $"The account {account.Id} exists already."),
        (null, _) => new NotFound("user", "by that id"),
        ({ } account, ReviseAccount revise) => Check(revise.Details) is { } fault ? fault : Event(AccountChange.Updated, account with
        {
            RoleId = revise.Details.RoleId!.Value,
            Scopes = revise.Details.Scopes,
            UserOrganizationId = revise.Details.UserOrganizationId,
            IsActive = revise.Details.IsActive,
        }, account.IsActive && !revise.Details.IsActive ? "Account closed" : "Account changed"),
        ({ } account, FailLogin fail) => Event(AccountChange.LoginFailed, WithStrangers(account, FailuresOfStrangers(account).After(now)), $"Login refused: {fail.What}"),
        ({ } account, SucceedLogin succeed) => Event(AccountChange.LoggedIn, Used(account, succeed.Step, succeed.RecoveryHash) with
        {
            Password = succeed.Hash ?? account.Password,
            LastLogin = now,
            LoginAttempts = succeed.KnownAddress ? account.LoginAttempts : 0,
            AccountLockedUntil = succeed.KnownAddress ? account.AccountLockedUntil : null,
        }, "Login"),
        ({ } account, SetToken { ByItself: true } token)
            when token.Expires - (token.Verification ? account.EmailVerificationExpires : account.PasswordResetExpires) < MailInterval =>
            new Conflict("mail_sent", $"A link was sent less than {MailInterval.TotalMinutes:0} minutes ago, and it still counts."),
        ({ } account, SetToken { Verification: true } token) => Event(AccountChange.TokenMade, account with
        {
            EmailVerificationToken = token.Hash,
            EmailVerificationExpires = token.Expires,
        }, "Verification of the address asked for"),
        ({ } account, SetToken token) => Event(AccountChange.TokenMade, account with
        {
            PasswordResetToken = token.Hash,
            PasswordResetExpires = token.Expires,
        }, "Password reset asked for"),
        ({ } account, ResetPassword reset) => Counts(account.PasswordResetToken, account.PasswordResetExpires, reset.TokenHash, now) && account.IsActive
            // Who has the link has the address; and what a guesser did to the account is over.
            ? Event(AccountChange.PasswordChanged, WithPassword(account, reset.Hash) with { EmailVerified = true, LoginAttempts = 0, AccountLockedUntil = null },
                "Password reset")
            : NoToken(),
        ({ } account, ChangePassword change) => Event(AccountChange.PasswordChanged, WithPassword(account, change.Hash), "Password changed"),
        ({ } account, VerifyEmail verify) => Counts(account.EmailVerificationToken, account.EmailVerificationExpires, verify.TokenHash, now)
            ? Event(AccountChange.EmailVerified, account with { EmailVerified = true, EmailVerificationToken = null, EmailVerificationExpires = null }, "Address verified")
            : NoToken(),
        ({ TwoFactorEnabled: true }, SetUpTwoFactor or EnableTwoFactor) =>
            new Conflict("two_factor_enabled", "Two-factor is on already: disable it first, with both factors."),
        ({ } account, SetUpTwoFactor setUp) => Event(AccountChange.TwoFactorSetUp, account with { TwoFactorSecret = setUp.Seal, TwoFactorLastStep = null },
            "Authenticator set up"),
        ({ TwoFactorSecret: null }, EnableTwoFactor) => new Conflict("two_factor_not_set_up", "Set an authenticator up first: POST /api/auth/two-factor/setup."),
        ({ } account, EnableTwoFactor enable) => Event(AccountChange.TwoFactorEnabled,
            account with { TwoFactorEnabled = true, TwoFactorLastStep = enable.Step, RecoveryCodeHashes = enable.RecoveryHashes }, "Two-factor enabled"),
        ({ TwoFactorEnabled: false }, DisableTwoFactor) => new Conflict("two_factor_disabled", "Two-factor is off already."),
        ({ } account, DisableTwoFactor) => Event(AccountChange.TwoFactorDisabled,
            account with { TwoFactorEnabled = false, TwoFactorSecret = null, TwoFactorLastStep = null, RecoveryCodeHashes = [] }, "Two-factor disabled"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of an account."),
    };

    /// <summary>What the row counts: failures from addresses that the account does not know.</summary>
    internal static FailedAttempts FailuresOfStrangers(UserAccount account) => new(account.LoginAttempts, account.AccountLockedUntil);

    private static UserAccount WithStrangers(UserAccount account, FailedAttempts failures) =>
        account with { LoginAttempts = failures.Count, AccountLockedUntil = failures.Until };

    // A reset or a change ends every link that is under way.
    private static UserAccount WithPassword(UserAccount account, string hash) =>
        account with { Password = hash, PasswordResetToken = null, PasswordResetExpires = null };

    private static UserAccount Used(UserAccount account, long? step, string? recovery) => account with
    {
        TwoFactorLastStep = step ?? account.TwoFactorLastStep,
        RecoveryCodeHashes = recovery is null ? account.RecoveryCodeHashes : [.. account.RecoveryCodeHashes.Where(hash => hash != recovery)],
    };

    private static bool Counts(string? kept, DateTimeOffset? expires, string given, DateTimeOffset now) =>
        kept is not null && expires > now && OneTimeToken.Same(kept, given);

    private static Invalid NoToken() => Invalid.Field("token", "is not valid any more: ask for a new one");

    private static Invalid? Check(AccountDetails details) => details switch
    {
        { RoleId: null } => Invalid.Field("roleId", "is required"),
        { Scopes: var scopes } when scopes.Distinct().Count() < scopes.Count => Invalid.Field("scopes", "must not name one twice"),
        _ => null,
    };

    private static Result<AccountEvent> Event(AccountChange change, UserAccount after, string summary) => new AccountEvent(change, after, summary);
}
