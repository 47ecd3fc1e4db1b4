using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Accounts;

/// <summary>What an account's changes mean outside: only those of rights are announced, which end connections and caches.</summary>
internal static class AccountOutcome
{
    public static Outcome<UserAccount> Of(AccountEvent decided) => new(decided.After)
    {
        Summary = decided.Summary,
        Announced = decided.Change is AccountChange.Created or AccountChange.Updated or AccountChange.PasswordChanged
                or AccountChange.TwoFactorEnabled or AccountChange.TwoFactorDisabled
            ? [new(WireText.Of(decided.Change))]
            : [],
    };
}
