using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>Whose geofences a caller sees: those of its business entities and those that serve all five; a partner sees none.</summary>
public static class GeofenceScope
{
    /// <summary>Whether the caller sees a geofence of that business entity; null where it serves all.</summary>
    public static bool SeesGeofence(this Caller caller, BusinessEntity? entity)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.PartnerOrganizationId is null && (entity is not { } owner || caller.Sees(owner));
    }

    /// <summary>A list's query without what a partner must not see; the business entities are the list's own.</summary>
    public static ListQuery InGeofenceScope(this ListQuery query, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(caller);
        return caller.PartnerOrganizationId is null ? query : query with { Filters = [.. query.Filters, ("id", Sql.Array<Guid>(NpgsqlDbType.Uuid, []))] };
    }
}
