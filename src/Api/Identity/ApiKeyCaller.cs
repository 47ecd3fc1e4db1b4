using System.Collections.Frozen;
using ChargeCars.Identity.Keys;

namespace ChargeCars.Api.Identity;

/// <summary>What a key may do and see.</summary>
internal static class ApiKeyCaller
{
    /// <summary>The caller that a request with this key has.</summary>
    public static Caller AsCaller(this ApiKey key) => new(
        new(ActorKind.Key, key.Id, key.Name),
        key.Permissions.Intersect(Permissions.All).ToFrozenSet(StringComparer.Ordinal),
        key.BusinessEntities?.ToFrozenSet())
    {
        PartnerOrganizationId = key.PartnerOrganizationId,
        Vehicles = key.VehicleIds?.ToFrozenSet(),
    };
}
