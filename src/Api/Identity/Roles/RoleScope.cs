using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>
/// Whose roles a caller sees, and which of them they may write. A role is what others may do: switched off, renamed or cut down, it is so
/// for everybody who has it.
/// </summary>
internal static class RoleScope
{
    /// <summary>
    /// A partner sees its own roles and those that the company has for partners; who is limited in another way the company's. What is
    /// not seen is answered like what does not exist.
    /// </summary>
    public static ListQuery Within(this ListQuery query, Caller caller) => caller switch
    {
        { PartnerOrganizationId: { } partner } => query with
        {
            Filters =
            [
                .. query.Filters,
                ("(partner_organization_id = $ OR partner_organization_id IS NULL AND permissions -> 'data_filters' ->> 'organization_scope' = 'partner')", Sql.Uuid(partner)),
            ],
        },
        { BusinessEntities: not null } or { Vehicles: not null } => query with { Filters = [.. query.Filters, ("(partner_organization_id IS NULL) = $", Sql.Bool(true))] },
        _ => query,
    };

    /// <summary>The partner whose role a caller makes: the one that is named, or else their own.</summary>
    public static Guid? OwnerFor(Caller author, Guid? wanted) => wanted ?? author.PartnerOrganizationId;

    /// <summary>Why a caller may not write a role of this owner, null for the company's; null where they may.</summary>
    public static string? WhyNot(Caller author, Guid? owner) => author switch
    {
        { BusinessEntities: not null } or { Vehicles: not null } =>
            "Roles belong to no business entity and no vehicle: credentials that see only some can't make or change one, as others have it too.",
        { PartnerOrganizationId: { } partner } when owner != partner =>
            "This role is not your organization's, and others have it too. Make one of your own.",
        _ => null,
    };
}
