using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Catalogue;

/// <summary>Who sees which prices, of products, orders and everything that is made of them.</summary>
internal static class PriceScope
{
    /// <summary>Whether the caller sees what customers pay. A partner never does.</summary>
    public static bool SeesPrices(this Caller caller) => caller.PartnerOrganizationId is null && caller.Permissions.Contains(Permissions.PricesRead);

    /// <summary>Whether the caller sees what partners pay: a partner does, of what it sees at all.</summary>
    public static bool SeesPartnerPrices(this Caller caller) => caller.PartnerOrganizationId is not null || caller.Permissions.Contains(Permissions.PricesRead);
}
