using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Identity.Accounts;

/// <summary>The table <c>user_account</c>.</summary>
internal sealed class AccountTable : IEntityTable<UserAccount>
{
    public const string TableName = "user_account";

    public static RowMapping<UserAccount> Rows { get; } = new(TableName);

    public static ChangeScope ScopeOf(UserAccount state) => new(null, null, state.ContactId, null);

    public static object Label(UserAccount state) => new { state.ContactId };

    // Only what ends connections and caches: the row itself is full of secrets.
    public static object Told(UserAccount state) => new { state.ContactId, state.RoleId, state.IsActive, state.Version };

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
}
