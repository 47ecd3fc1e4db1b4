using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;

namespace ChargeCars.Api.Orders.Timeline;

/// <summary>What happened to an order.</summary>
internal static class TimelineEndpoints
{
    public static void Map(RouteGroupBuilder orders) =>
        orders.MapGet("/{id:guid}/timeline", ListAsync).RequirePermission(Permissions.OrdersRead).TakesQuery(OrderTimeline.List).Produces<Page<TimelineItem>>()
            .WithName("ListOrderTimeline")
            .WithSummary("What happened to an order, the newest first: transitions, visits, its vans' drives and stops, messages, calls and changes, as far as the caller may read each.");

    private static async Task<IResult> ListAsync(Guid id, HttpContext http, Routes orders, OrderTimeline timeline)
    {
        var (caller, query) = (Caller.Of(http), OrderTimeline.List.Parse(http));
        var found = query.Succeeded ? await orders.FindAsync(id, caller, http.RequestAborted) : query.Error;
        return found.Succeeded ? TypedResults.Ok(await timeline.PageAsync(id, query.Value!, caller, http.RequestAborted)) : ProblemAnswers.From(found.Error);
    }
}
