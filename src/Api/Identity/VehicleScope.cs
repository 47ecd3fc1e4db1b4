using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>Which vehicles a caller sees, and what of them: the one place for lists, single reads, writes, the hub and exports.</summary>
public static class VehicleScope
{
    /// <summary>Whether the caller sees a vehicle: all, or a technician's own; a partner sees none.</summary>
    public static bool SeesVehicle(this Caller caller, Guid vehicleId)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.PartnerOrganizationId is null && (caller.Vehicles is null || caller.Vehicles.Contains(vehicleId));
    }

    /// <summary>Whether the caller may see where vehicles are and were.</summary>
    public static bool SeesPositions(this Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Permissions.Contains(Permissions.PositionsRead);
    }

    /// <summary>The vehicles that a caller is limited to; null for all.</summary>
    public static Guid[]? VisibleVehicles(this Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.PartnerOrganizationId is not null ? [] : caller.Vehicles is { } own ? [.. own] : null;
    }

    /// <summary>The same as a condition on the columns of <c>vehicle</c>; null for all.</summary>
    internal static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.VisibleVehicles() is { } visible ? $"id = ANY ({text.Of(Sql.Array(NpgsqlDbType.Uuid, visible))})" : null);
    }

    /// <summary>A list's query within the scope; <paramref name="column"/> holds the vehicle's id.</summary>
    public static ListQuery InScope(this ListQuery query, Caller caller, string column = "id")
    {
        ArgumentNullException.ThrowIfNull(query);
        return caller.VisibleVehicles() is { } visible
            ? query with { Filters = [.. query.Filters, (column, Sql.Array(NpgsqlDbType.Uuid, visible))] }
            : query;
    }

    /// <summary>The vehicle as the caller may see it: where it is and was is a permission of its own, as it is personal data.</summary>
    public static VehicleSnapshot MaskedFor(this VehicleSnapshot vehicle, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(vehicle);
        return caller.SeesPositions() ? vehicle : vehicle with { CurrentLocation = null, LastLocationUpdate = null, LastRefusal = null };
    }

    /// <summary>The crossing as the caller may see it: that the vehicle came or went, and where exactly it was only with that permission.</summary>
    public static GeofenceCrossing MaskedFor(this GeofenceCrossing crossing, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(crossing);
        return caller.SeesPositions() ? crossing : crossing with { Latitude = null, Longitude = null };
    }

    /// <summary>
    /// Keeps endpoints to the scope: a vehicle outside it, named by the route's <c>id</c>, is answered like one that does
    /// not exist; and who sees only some can't make new ones.
    /// </summary>
    public static TBuilder WithinVehicleScope<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(static async (context, next) =>
        {
            var (http, caller) = (context.HttpContext, Caller.Of(context.HttpContext));
            if (http.GetRouteValue("id") is string text && Guid.TryParse(text, out var id))
            {
                return caller.SeesVehicle(id) ? await next(context) : ProblemAnswers.From(new NotFound("vehicle", id.ToString()));
            }

            return caller.VisibleVehicles() is not null && !HttpMethods.IsGet(http.Request.Method)
                ? ProblemAnswers.Forbidden("Credentials that see only some vehicles can't make new ones.")
                : await next(context);
        });
}
