using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Relations.Organizations;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Relations.Organizations;

/// <summary>Organizations, within <see cref="RelationScope"/>.</summary>
internal sealed class OrganizationAccess : IEntityAccess<Organization, OrganizationDetails>
{
    public static string Route => "/api/organizations";

    public static string Noun => "organization";

    public static string Read => Permissions.RelationsRead;

    public static string Write => Permissions.RelationsWrite;

    public static OrganizationDetails Example => new()
    {
        Name = "Bakkerij de Vries B.V.", OrganizationType = OrganizationType.CustomerBusiness, BusinessEntity = BusinessEntity.Chargecars,
        KvkNumber = "68750110", VatNumber = "NL004495445B01", Website = "https://bakkerijdevries.example", Email = "info@bakkerijdevries.example",
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.Any(RelationScope.OrganizationAlternatives(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, OrganizationDetails details, Organization? before) =>
        caller is { PartnerOrganizationId: not null } or { Vehicles: not null }
            ? new Forbidden("Credentials of a partner, or of some vehicles only, can't change organizations.")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity) ?? (before is null ? null : BusinessEntityScope.Refuse(caller, before.BusinessEntity));
}
