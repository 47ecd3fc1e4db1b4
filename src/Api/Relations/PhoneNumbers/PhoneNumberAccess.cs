using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Relations.PhoneNumbers;

/// <summary>Phone numbers of the contacts that a caller sees.</summary>
internal sealed class PhoneNumberAccess : IEntityAccess<ContactPhoneNumber, ContactPhoneNumberDetails>
{
    public static string Route => "/api/phone-numbers";

    public static string Noun => "phone number";

    public static string Read => Permissions.RelationsRead;

    public static string Write => Permissions.RelationsWrite;

    public static ContactPhoneNumberDetails Example => new() { PhoneNumber = "+31612345678" };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(RelationScope.Contacts(text, caller, "called.") is { } contacts
            ? $"contact_id IN (SELECT called.id FROM contact called WHERE {contacts})"
            : null);
    }

    public static Error? RefuseWriting(Caller caller, ContactPhoneNumberDetails details, ContactPhoneNumber? before) =>
        details.ContactId is null && Visible(caller) is not null ? Invalid.Field("contactId", "is required for these credentials") : null;

    public static IEnumerable<EntityReference> References(ContactPhoneNumberDetails details) => [new("contactId", "contact", details.ContactId)];
}
