using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Orders;

/// <summary>The present status of everything that has one.</summary>
public static class StatusEndpoints
{
    /// <summary>Maps <c>/api/status</c>.</summary>
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/status", ListAsync).RequirePermission(Permissions.StatusRead).TakesQuery(StatusBoard.List).Produces<Page<StatusRow>>()
            .WithTags("Status").WithName("ListStatus").WithSummary("The present status and deadline of orders, visits and vehicles; overdue=true for what is late.");

    private static async Task<IResult> ListAsync(HttpContext http, StatusBoard board)
    {
        var query = StatusBoard.List.Parse(http);
        return query.Succeeded
            ? TypedResults.Ok(await board.ListAsync(query.Value with { Scope = Visible(Caller.Of(http)) }, http.RequestAborted))
            : ProblemAnswers.From(query.Error);
    }

    // Limited callers see the kinds that are named here, each in its own scope, and no other kind.
    private static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        if (OrderScope.Orders(text, caller, "o.") is not { } orders)
        {
            return null;
        }

        var visits = OrderScope.Visits(text, caller, "v.")!;
        var vehicles = caller.VisibleVehicles() is { } vans
            ? $"entity_id = ANY ({text.Of(Sql.Array(NpgsqlTypes.NpgsqlDbType.Uuid, vans))})"
            : "true";
        return text.All($"""
            CASE entity_type
                WHEN 'order' THEN entity_id IN (SELECT o.id FROM "order" o WHERE {orders})
                WHEN 'visit' THEN entity_id IN (SELECT v.id FROM visit v WHERE {visits})
                WHEN 'vehicle' THEN {vehicles}
                ELSE false
            END
            """);
    }
}
