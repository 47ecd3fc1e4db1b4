using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Identity.Roles;

/// <summary>Roles. What a permission is, and who may grant it, is the API's to know, whose endpoints demand them.</summary>
public sealed class RoleKind : IEntityKind<Role, RoleDetails>
{
    private static readonly RawJson Nothing = new("{}");

    /// <inheritdoc/>
    public static RowMapping<Role> Rows { get; } = new("user_role");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["roleName"] = ListFilter.Text("role_name"),
            ["isActive"] = ListFilter.Boolean("is_active"),
            ["partnerOrganizationId"] = ListFilter.Uuid("partner_organization_id"),
        },
        new Dictionary<string, ListSort> { ["roleName"] = new("role_name", "text"), ["createdAt"] = new("created_at", "timestamptz") },
        "roleName");

    /// <inheritdoc/>
    public static Invalid? Check(RoleDetails details, DateTimeOffset now) => new FieldFaults()
        .Rule("roleName", !IsName(details.RoleName), "must be 1 to 50 lower-case letters, digits and underscores")
        .Lines("description", details.Description, ..500)
        .Invalid;

    /// <inheritdoc/>
    public static RoleDetails Normalized(RoleDetails details) => details with
    {
        Description = PlainText.TidyLinesOrNull(details.Description),
        Permissions = details.Permissions ?? Nothing,
    };

    /// <inheritdoc/>
    public static Result<Outcome<Role>> Revised(Role before, Role after, DateTimeOffset now) =>
        RefuseRevision(before, after) is { } refusal ? refusal : Outcome.Of(after, "updated");

    /// <summary>Why nobody may change a role so; null where somebody may.</summary>
    public static Error? RefuseRevision(Role before, RoleDetails after) => before switch
    {
        { RoleName: Role.Administrator, PartnerOrganizationId: null } => new Conflict(
            "role_fixed", "The role admin stays as it is, so that somebody can always put things right. Make another role."),
        // Whoever has the role of one partner would be at another's mercy.
        _ when before.PartnerOrganizationId != after.PartnerOrganizationId => Invalid.Field("partnerOrganizationId", "can't be changed: make another role"),
        _ => null,
    };

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Role state) => new(null, state.PartnerOrganizationId, null, null);

    /// <inheritdoc/>
    public static object Label(Role state) => new { state.RoleName };

    // Only what ends connections and caches.
    /// <inheritdoc/>
    public static object Told(Role state) => new { state.RoleName, state.Version };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Role? state) => violation.ConstraintName switch
    {
        "uq_user_role_role_name" or "uq_user_role_partner_role_name" => new Conflict("role_name_taken", "Another role has this name.", "roleName"),
        "user_role_partner_organization_id_fkey" => Invalid.Field("partnerOrganizationId", "is not an organization"),
        _ => null,
    };

    private static bool IsName(string? text) => text is { Length: >= 1 and <= 50 }
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');
}
