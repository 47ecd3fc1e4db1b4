using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Relations.Addresses;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Relations.Addresses;

/// <summary>Addresses, within <see cref="RelationScope"/>; whoever sees the owner sees its addresses.</summary>
internal sealed class AddressAccess : IEntityAccess<Address, AddressDetails>
{
    public static string Route => "/api/addresses";

    public static string Noun => "address";

    public static string Nouns => "addresses";

    public static string Read => Permissions.RelationsRead;

    public static string Write => Permissions.RelationsWrite;

    public static AddressDetails Example => new()
    {
        EntityType = AddressOwner.Organization, EntityId = Guid.Parse("0199a000-0000-7000-8000-000000000001"), AddressType = AddressType.Installation,
        StreetAddress = "Hogebiezendijk", StreetNumber = "44", PostalCode = "3401RT", City = "IJsselstein",
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.Any(RelationScope.AddressAlternatives(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, AddressDetails details, Address? before) => null;

    public static IEnumerable<EntityReference> References(AddressDetails details) =>
        details.EntityType is { } owner ? [new("entityId", WireText.Of(owner), details.EntityId)] : [];
}
