using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;

namespace ChargeCars.Api.Orders.Presence;

/// <summary>Who has an order open. Not for partners: it is colleagues that they would see.</summary>
internal static class PresenceEndpoints
{
    public static void Map(RouteGroupBuilder orders) =>
        orders.MapGet("/{id:guid}/presence", ListAsync).RequirePermission(Permissions.OrdersRead).Produces<Page<Viewer>>()
            .WithName("GetOrderPresence").WithSummary("Who has the order open at this moment, as their screens say over the hub (Open).");

    private static async Task<IResult> ListAsync(Guid id, HttpContext http, Routes orders, OrderViewers viewers)
    {
        var caller = Caller.Of(http);
        var found = caller.PartnerOrganizationId is null ? await orders.FindAsync(id, caller, http.RequestAborted) : new NotFound("order", id.ToString());
        return found.Succeeded
            ? TypedResults.Ok(new Page<Viewer>([.. (await viewers.PresentAsync([id], http.RequestAborted))[id]], null))
            : ProblemAnswers.From(found.Error);
    }
}
