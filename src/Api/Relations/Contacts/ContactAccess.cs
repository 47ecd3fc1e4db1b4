using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Accounts;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations;
using ChargeCars.Relations.Contacts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Relations.Contacts;

/// <summary>Contacts, within <see cref="RelationScope"/>.</summary>
internal sealed class ContactAccess : IEntityAccess<Contact, ContactDetails>
{
    public static string Route => "/api/contacts";

    public static string Noun => "contact";

    public static string Read => Permissions.RelationsRead;

    public static string Write => Permissions.RelationsWrite;

    public static ContactDetails Example => new()
    {
        FirstName = "Anna", LastName = "de Vries", Email = "anna@bakkerijdevries.example", Mobile = "+31612345678", ContactType = ContactType.Customer,
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.Any(RelationScope.ContactAlternatives(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, ContactDetails details, Contact? before) =>
        caller is { PartnerOrganizationId: not null } or { Vehicles: not null } && details.OrganizationId is null
            ? Invalid.Field("organizationId", "is required for these credentials")
            : null;

    public static Task<IResult?> RefuseChangeAsync(Contact before, ContactDetails after, HttpContext http) =>
        string.IsNullOrWhiteSpace(after.Email) || string.Equals(before.Email, EmailAddress.Normalized(after.Email), StringComparison.OrdinalIgnoreCase)
            ? Task.FromResult<IResult?>(null)
            : http.RequestServices.GetRequiredService<SignInAddress>().RefuseChangeAsync(before, after.Email, http);

    public static void MapMore(RouteGroupBuilder group) => ContactErasureEndpoints.Map(group);

    public static IEnumerable<EntityReference> References(ContactDetails details) => [new("organizationId", "organization", details.OrganizationId)];
}
