using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>An account as it is listed: with its person and its role by name.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="ContactId">The person.</param>
/// <param name="Email">The address that it logs in by.</param>
/// <param name="FirstName">The person's.</param>
/// <param name="LastName">The person's.</param>
/// <param name="RoleId">Its role.</param>
/// <param name="Role">By name.</param>
/// <param name="Scopes">Permissions beside the role's.</param>
/// <param name="UserOrganizationId">The organization that a partner's role is limited to.</param>
/// <param name="IsActive">Whether it may log in.</param>
/// <param name="EmailVerified">Whether its address is verified.</param>
/// <param name="LastLogin">UTC.</param>
/// <param name="TwoFactorEnabled">Whether a login asks for a code.</param>
/// <param name="AccountLockedUntil">UTC; null or past where it is not locked.</param>
/// <param name="Version">The ETag.</param>
public sealed record UserView(
    Guid Id, DateTimeOffset CreatedAt, Guid ContactId, string Email, string FirstName, string LastName, Guid RoleId, string Role,
    IReadOnlyList<AccountScope> Scopes, Guid? UserOrganizationId, bool IsActive, bool EmailVerified, DateTimeOffset? LastLogin,
    bool TwoFactorEnabled, DateTimeOffset? AccountLockedUntil, long Version)
{
    internal AccountDetails Details() => new()
    {
        RoleId = RoleId,
        Scopes = Scopes,
        UserOrganizationId = UserOrganizationId,
        IsActive = IsActive,
    };
}

/// <summary>Reads accounts, within what the caller may see; never a column with a secret.</summary>
internal sealed class UserList(NpgsqlDataSource source)
{
    private const string Columns = """
        id, created_at, contact_id, email, first_name, last_name, role_id, role_name, scopes, user_organization_id, is_active, email_verified,
        last_login, two_factor_enabled, account_locked_until, version
        """;

    private const string From = """
        (SELECT u.*, c.email, c.first_name, c.last_name, r.role_name FROM user_account u
            JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id) account
        """;

    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["email"] = ListFilter.Text("lower(email) = lower($)"),
            ["role"] = ListFilter.Text("role_name"),
            ["roleId"] = ListFilter.Uuid("role_id"),
            ["userOrganizationId"] = ListFilter.Uuid("user_organization_id"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt");

    public Task<Page<UserView>> PageAsync(ListQuery query, Caller caller, CancellationToken cancellation) => Scoped(query, caller) is { } visible
        ? visible.RunAsync(source, Columns, From, Read, cancellation)
        : Task.FromResult(new Page<UserView>([], null));

    public async Task<UserView?> FindAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        var query = new ListQuery(1, List.DefaultSort, List.Sorts["createdAt"], [("id", Sql.Uuid(id))], null);
        return (await PageAsync(query, caller, cancellation)).Items is [var user] ? user : null;
    }

    /// <summary>Whether the caller may make an account for this person: a partner for its own people only.</summary>
    public async Task<bool> SeesContactAsync(Guid contactId, Caller caller, CancellationToken cancellation)
    {
        const string OfOrganization = "SELECT EXISTS (SELECT 1 FROM contact WHERE id = $1 AND organization_id = $2)";
        if (caller.PartnerOrganizationId is not { } partner)
        {
            return true;
        }

        await using var command = source.CreateCommand(OfOrganization);
        command.Parameters.Add(Sql.Uuid(contactId));
        command.Parameters.Add(Sql.Uuid(partner));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    // A partner's people are those of its organization. Who is limited to business entities sees nobody: accounts belong
    // to none.
    private static ListQuery? Scoped(ListQuery query, Caller caller) => caller switch
    {
        { BusinessEntities: not null } or { Vehicles: not null } => null,
        { PartnerOrganizationId: { } partner } => query with { Filters = [.. query.Filters, ("user_organization_id", Sql.Uuid(partner))] },
        _ => query,
    };

    private static UserView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetGuid(6),
        row.GetString(7), row.Optional<string[]>(8)?.Select(WireText.Parse<AccountScope>).ToArray() ?? [], row.OptionalValue<Guid>(9),
        row.GetBoolean(10), row.GetBoolean(11), row.OptionalValue<DateTimeOffset>(12), row.GetBoolean(13),
        row.OptionalValue<DateTimeOffset>(14), row.GetInt64(15));
}
