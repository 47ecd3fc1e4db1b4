using System.Text.Json.Serialization;

namespace ChargeCars.Identity.Accounts;

/// <summary>Permissions beside those of the role (<c>user_account.scopes</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<AccountScope>))]
public enum AccountScope
{
    /// <summary>May plan: visits, teams, vehicles' actions.</summary>
    Planning,

    /// <summary>Answers for sales: quotes, and cancelling orders.</summary>
    SalesManager,
}

/// <summary>What an administrator may set of an account.</summary>
[GenerateSerializer, Immutable, Alias("account-details")]
public record AccountDetails
{
    /// <summary>The role; required.</summary>
    [Id(0)] public Guid? RoleId { get; init; }

    /// <summary>Permissions beside the role's.</summary>
    [Id(1)] public IReadOnlyList<AccountScope> Scopes { get; init; } = [];

    /// <summary>The organization whose rows a partner's role is limited to.</summary>
    [Id(2)] public Guid? UserOrganizationId { get; init; }

    /// <summary>Whether it may log in.</summary>
    [Id(3)] public bool IsActive { get; init; } = true;
}

/// <summary>
/// A row of <c>user_account</c>, secrets and all: it never leaves the cluster. Clients see <see cref="AccountView"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("user-account")]
public sealed record UserAccount : IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>UTC.</summary>
    [Id(1)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The person.</summary>
    [Id(2)] public Guid ContactId { get; init; }

    /// <summary>The password's hash; blank where none was set yet, and nothing matches it.</summary>
    [Id(3)] public string Password { get; init; } = "";

    /// <summary>What it may do.</summary>
    [Id(4)] public Guid RoleId { get; init; }

    /// <summary>And beside that.</summary>
    [Id(5), ArrayColumn] public IReadOnlyList<AccountScope> Scopes { get; init; } = [];

    /// <summary>The organization that a partner's role is limited to.</summary>
    [Id(6)] public Guid? UserOrganizationId { get; init; }

    /// <summary>Whether it may log in.</summary>
    [Id(7)] public bool IsActive { get; init; }

    /// <summary>Whether its person has shown that the contact's address is theirs.</summary>
    [Id(8)] public bool EmailVerified { get; init; }

    /// <summary>The hash of the token that was sent to that address.</summary>
    [Id(9)] public string? EmailVerificationToken { get; init; }

    /// <summary>UTC.</summary>
    [Id(10)] public DateTimeOffset? EmailVerificationExpires { get; init; }

    /// <summary>UTC.</summary>
    [Id(11)] public DateTimeOffset? LastLogin { get; init; }

    /// <summary>Failures in a row from addresses that the account does not know. They count for a day.</summary>
    [Id(12)] public int LoginAttempts { get; init; }

    /// <summary>Until then nothing from an address that the account does not know is evaluated; UTC. The last failure's time where nobody waits.</summary>
    [Id(13)] public DateTimeOffset? AccountLockedUntil { get; init; }

    /// <summary>The hash of the token by which the password may be set anew.</summary>
    [Id(14)] public string? PasswordResetToken { get; init; }

    /// <summary>UTC.</summary>
    [Id(15)] public DateTimeOffset? PasswordResetExpires { get; init; }

    /// <summary>Whether a login asks for a code.</summary>
    [Id(16)] public bool TwoFactorEnabled { get; init; }

    /// <summary>The authenticator's key, encrypted and bound to this row.</summary>
    [Id(17)] public string? TwoFactorSecret { get; init; }

    /// <summary>The time step of the last code that counted.</summary>
    [Id(18)] public long? TwoFactorLastStep { get; init; }

    /// <summary>Hashes of the recovery codes that are left.</summary>
    [Id(19), ArrayColumn] public IReadOnlyList<string> RecoveryCodeHashes { get; init; } = [];

    /// <summary>Raised by one with every change.</summary>
    [Id(20)] public long Version { get; init; }
}

/// <summary>An account as administrators see it: no secret, and no hash of one.</summary>
[GenerateSerializer, Immutable, Alias("account-view")]
public sealed record AccountView : AccountDetails
{
    /// <summary>What of an account may be seen.</summary>
    public static AccountView Of(UserAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new()
        {
            Id = account.Id,
            CreatedAt = account.CreatedAt,
            ContactId = account.ContactId,
            RoleId = account.RoleId,
            Scopes = account.Scopes,
            UserOrganizationId = account.UserOrganizationId,
            IsActive = account.IsActive,
            EmailVerified = account.EmailVerified,
            LastLogin = account.LastLogin,
            LoginAttempts = account.LoginAttempts,
            AccountLockedUntil = account.AccountLockedUntil,
            TwoFactorEnabled = account.TwoFactorEnabled,
            Version = account.Version,
        };
    }

    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>UTC.</summary>
    [Id(1)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The person.</summary>
    [Id(2)] public Guid ContactId { get; init; }

    /// <summary>Whether its address is verified.</summary>
    [Id(3)] public bool EmailVerified { get; init; }

    /// <summary>UTC.</summary>
    [Id(4)] public DateTimeOffset? LastLogin { get; init; }

    /// <summary>Failed logins in a row from addresses that the account does not know.</summary>
    [Id(5)] public int LoginAttempts { get; init; }

    /// <summary>UTC; null or past where it is not locked.</summary>
    [Id(6)] public DateTimeOffset? AccountLockedUntil { get; init; }

    /// <summary>Whether a login asks for a code.</summary>
    [Id(7)] public bool TwoFactorEnabled { get; init; }

    /// <summary>The ETag.</summary>
    [Id(8)] public long Version { get; init; }
}
