using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Catalogue.Stock;

/// <summary>
/// What a caller sees of stock. Partners see none. Who is limited to business entities sees the places of these and of all; who sees only
/// own work sees the own van and the warehouses that fill it. A movement or reservation names visits and orders, so it is seen by who
/// sees those.
/// </summary>
internal static class StockScope
{
    /// <summary>A condition on the columns of <c>stock_place</c>; null where all are seen.</summary>
    public static ScopeCondition? Places(Caller caller)
    {
        var text = new ScopeText();
        return text.All(Partners(caller), Places(text, caller));
    }

    /// <summary>A condition on the columns of <c>stock_balance</c>.</summary>
    public static ScopeCondition? Levels(Caller caller)
    {
        var text = new ScopeText();
        return text.All(Partners(caller), Places(text, caller) is { } places ? $"place_id IN (SELECT id FROM stock_place WHERE {places})" : null);
    }

    /// <summary>A condition on the columns of <c>stock_movement</c>.</summary>
    public static ScopeCondition? Movements(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            Partners(caller),
            caller.BusinessEntities is null ? null : $"from_place_id IN (SELECT id FROM stock_place WHERE {Places(text, caller)}) OR to_place_id IN (SELECT id FROM stock_place WHERE {Places(text, caller)})",
            caller.Vehicles is null ? null : $"from_place_id IN ({OwnVans(text, caller)}) OR to_place_id IN ({OwnVans(text, caller)})",
            OrderScope.Visits(text, caller, "planned.") is { } visits ? $"visit_id IS NULL OR visit_id IN (SELECT planned.id FROM visit planned WHERE {visits})" : null);
    }

    /// <summary>A condition on the columns of <c>stock_reservation</c>.</summary>
    public static ScopeCondition? Reservations(Caller caller)
    {
        var text = new ScopeText();
        return text.All(Partners(caller), OrderScope.OrderIds(text, caller) is { } orders ? $"order_id IN ({orders})" : null);
    }

    /// <summary>A condition on the columns of <c>stock_serial</c>: who sees only a part does not see where pieces went that have left.</summary>
    public static ScopeCondition? Pieces(Caller caller) => Levels(caller);

    /// <summary>Checks are of all stock: who is limited in something sees none.</summary>
    public static ScopeCondition? Checks(Caller caller) => caller is { PartnerOrganizationId: null, BusinessEntities: null, Vehicles: null } ? null : ScopeCondition.Nothing;

    /// <summary>Whether the caller may move goods between these places: who has a van moves what comes out of it or goes into it.</summary>
    public static Forbidden? RefuseMoving(Caller caller, StockPlaceVehicle from, StockPlaceVehicle to) =>
        caller.PartnerOrganizationId is not null ? new Forbidden("Credentials of a partner can't move goods.")
        : caller.Vehicles is { } vans && !(from.Vehicle is { } left && vans.Contains(left)) && !(to.Vehicle is { } entered && vans.Contains(entered))
            ? new Forbidden("Credentials of some vehicles only move goods out of these vehicles or into them.")
            : null;

    private static string? Partners(Caller caller) => caller.PartnerOrganizationId is null ? null : "false";

    private static string? Places(ScopeText text, Caller caller)
    {
        var (entities, vans) = (
            text.OfBusinessEntities(caller, orNone: true),
            caller.Vehicles is { } own ? $"place_type = 'warehouse' OR vehicle_id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, own.ToArray()))})" : null);
        return (entities, vans) switch
        {
            (null, null) => null,
            (null, _) => vans,
            (_, null) => entities,
            _ => $"({entities}) AND ({vans})",
        };
    }

    private static string OwnVans(ScopeText text, Caller caller) =>
        $"SELECT id FROM stock_place WHERE vehicle_id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, caller.Vehicles!.ToArray()))})";
}

/// <summary>The van of a stock place; null where it is none, or where no place is named.</summary>
internal readonly record struct StockPlaceVehicle(Guid? Vehicle);
