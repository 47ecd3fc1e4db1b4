using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;

namespace ChargeCars.Api.Orders;

/// <summary>The lines of an order. A change of lines carries the order's If-Match and makes a new version of the order.</summary>
internal static class LineItemEndpoints
{
    public static void Map(RouteGroupBuilder orders)
    {
        var lines = orders.MapGroup("/{id:guid}/line-items");
        lines.MapGet("/", ListAsync).RequirePermission(Permissions.OrdersRead).Produces<Page<LineItem>>()
            .WithName("ListLineItems").WithSummary("The lines of an order, all of them.");
        lines.MapPost("/", AddAsync).RequirePermission(Permissions.OrdersWrite).Repeatable().Produces<OrderView>()
            .WithName("AddLineItem").WithSummary("Adds a line; prices are those of the day (If-Match of the order, optional).");
        lines.MapPatch("/{lineId:guid}", ChangeAsync).RequirePermission(Permissions.OrdersWrite)
            .Accepts<LineItemDetails>("application/merge-patch+json", "application/json").Produces<OrderView>()
            .WithName("ChangeLineItem").WithSummary("Changes a line (JSON merge patch, If-Match of the order); a change of quantity re-prices nothing.");
        lines.MapDelete("/{lineId:guid}", RemoveAsync).RequirePermission(Permissions.OrdersWrite).Produces<OrderView>()
            .WithName("RemoveLineItem").WithSummary("Takes a line away (If-Match of the order).");
    }

    private static async Task<IResult> ListAsync(Guid id, HttpContext http, Routes orders)
    {
        var found = await orders.FindAsync(id, Caller.Of(http), http.RequestAborted);
        return found.Succeeded
            ? TypedResults.Ok(new Page<LineItem>(OrderAccess.Masked(found.Value, Caller.Of(http)).LineItems, null))
            : ProblemAnswers.From(found.Error);
    }

    private static async Task<IResult> AddAsync(Guid id, LineItemDetails body, HttpContext http, Routes orders, LineItemPricing pricing, TimeProvider time)
    {
        var (caller, context) = (Caller.Of(http), CommandRequest.Context(http, time));
        var found = context.Succeeded ? await orders.FindAsync(id, caller, http.RequestAborted) : context.Error;
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var line = await pricing.PriceAsync(
            body, CommandRequest.NewId(context.Value!, time), null, found.Value.PartnerOrganizationId, time.GetUtcNow(), caller, http.RequestAborted);
        return line.Succeeded ? await orders.ExecuteAsync(id, new SetLineItem(line.Value), http) : ProblemAnswers.From(line.Error);
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, Guid lineId, JsonElement body, HttpContext http, Routes orders, LineItemPricing pricing, TimeProvider time, IOptions<JsonOptions> json)
    {
        var caller = Caller.Of(http);
        var found = await orders.FindAsync(id, caller, http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        if (found.Value.LineItems.FirstOrDefault(line => line.Id == lineId) is not { } before)
        {
            return ProblemAnswers.From(new NotFound("line_item", lineId.ToString()));
        }

        var details = MergePatch.Apply(new LineItemDetails
        {
            ProductId = before.ProductId, Quantity = before.Quantity, UnitPrice = before.UnitPrice, PartnerPrice = before.PartnerPrice, TaxRate = before.TaxRate,
            Description = before.Description, ItemType = before.ItemType,
        }, body, json.Value.SerializerOptions);
        if (details.ProductId is not null && details.ProductId != before.ProductId)
        {
            // Another product brings its own name, rate and prices.
            details = MergePatch.Apply(new LineItemDetails { Quantity = before.Quantity }, body, json.Value.SerializerOptions);
        }

        var line = await pricing.PriceAsync(details, lineId, before, found.Value.PartnerOrganizationId, time.GetUtcNow(), caller, http.RequestAborted);
        return line.Succeeded ? await orders.ExecuteAsync(id, new SetLineItem(line.Value), http, versionRequired: true) : ProblemAnswers.From(line.Error);
    }

    private static Task<IResult> RemoveAsync(Guid id, Guid lineId, HttpContext http, Routes orders) =>
        orders.ExecuteAsync(id, new RemoveLineItem(lineId), http, versionRequired: true);
}
