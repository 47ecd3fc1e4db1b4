using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Money.Numbering;
using ChargeCars.Orders;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;

namespace ChargeCars.Api.Orders;

/// <summary>Taking orders in, and moving them.</summary>
internal static class OrderEndpoints
{
    public static void Map(RouteGroupBuilder orders)
    {
        orders.MapPost("/", PlaceAsync).RequirePermission(Permissions.OrdersWrite).Repeatable().Produces<OrderView>(201).ShowsBody(OrderAccess.Example)
            .WithName("CreateOrder").WithSummary("Takes an order in, with its lines; it gets its number.");
        Action(orders, OrderAction.SubmitQuote, "A quote was sent to the customer.");
        Action(orders, OrderAction.AcceptQuote, "The customer accepted the quote (acceptedByName).");
        Action(orders, OrderAction.RejectQuote, "The customer rejected the quote (reason).");
        Action(orders, OrderAction.Approve, "It may be planned without a quote.");
        Action(orders, OrderAction.Plan, "A visit is scheduled.");
        Action(orders, OrderAction.Start, "A visit was started.");
        Action(orders, OrderAction.FinishWork, "All visits are done.");
        Action(orders, OrderAction.RejectWork, "The work is not good (reason).");
        Action(orders, OrderAction.Complete, "The work is signed off; signoffWaivedReason, with orders.waive_signoff, where nobody signed.");
        Action(orders, OrderAction.Invoice, "The invoice is issued.", Permissions.InvoicesWrite);
        Action(orders, OrderAction.Close, "It is paid, or nothing was to be invoiced.", Permissions.InvoicesWrite);
        Action(orders, OrderAction.Hold, "It waits (reason, resumeDate?, waitingOnCustomer?).");
        Action(orders, OrderAction.Resume, "It goes on where it was.");
        Action(orders, OrderAction.Cancel, "It will not be done (reason); cancels its visits.", Permissions.OrdersCancel);
    }

    private static void Action(RouteGroupBuilder orders, OrderAction action, string summary, string permission = Permissions.OrdersWrite) =>
        orders.MapPost($"/{{id:guid}}/actions/{ActionText.Of(action)}", (Guid id, HttpContext http, Routes routes, ActionBody? body = null) => ActAsync(id, action, body, http, routes))
            .RequirePermission(permission).Repeatable().Produces<OrderView>()
            .WithName($"{action}Order").WithSummary(summary);

    private static async Task<IResult> PlaceAsync(
        OrderBody body, HttpContext http, Routes routes, OrderReferences references, LineItemPricing pricing, EntityDirectory directory, OrderNumbers numbers,
        IGrainFactory grains, TimeProvider time)
    {
        var (caller, details) = (Caller.Of(http), body.WithoutLines());
        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? OrderAccess.RefuseWriting(caller, details, null) ?? OrderKind.Check(details, time.GetUtcNow())
            ?? await directory.CheckAsync(OrderAccess.References(details), caller, http.RequestAborted)
            ?? await references.CheckAsync(details, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var id = CommandRequest.NewId(context.Value!, time);
        var lines = await pricing.PriceAsync(body.LineItems ?? [], id, details.PartnerOrganizationId, time.GetUtcNow(), caller, http.RequestAborted);
        if (!lines.Succeeded)
        {
            return ProblemAnswers.From(lines.Error);
        }

        if ((OrderDecider.CheckLines(lines.Value) ?? await references.CheckPartnersAsync(details, id, http.RequestAborted)) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        var made = await numbers.MakeAsync(new(details.BusinessEntity!.Value, NumberType.Order), id, context.Value!, number =>
            grains.GetGrain<IEntityGrain<Order>>(id).ExecuteAsync(new PlaceOrder(details, number, lines.Value), context.Value!));
        return Routes.Answer(http, made, order => TypedResults.Created($"{OrderAccess.Route}/{id}", order));
    }

    private static async Task<IResult> ActAsync(Guid id, OrderAction action, ActionBody? body, HttpContext http, Routes routes)
    {
        var caller = Caller.Of(http);
        var manager = caller.Permissions.Contains(Permissions.OrdersWaiveSignoff);
        return body?.SignoffWaivedReason is not null && !manager
            ? ProblemAnswers.Forbidden($"Waiving the customer's signature needs the permission {Permissions.OrdersWaiveSignoff}.", ("permission", Permissions.OrdersWaiveSignoff))
            : await routes.ExecuteAsync(id, new ActOnOrder(action)
            {
                Reason = body?.Reason, AcceptedByName = body?.AcceptedByName, ResumeDate = body?.ResumeDate, WaitingOnCustomer = body?.WaitingOnCustomer ?? false,
                SignoffWaivedReason = body?.SignoffWaivedReason, ByManager = manager,
            }, http);
    }

    /// <summary>The body of an action; all of it optional but for what the action demands.</summary>
    /// <param name="Reason">Why; required to reject, hold and cancel.</param>
    /// <param name="AcceptedByName">Who accepted the quote.</param>
    /// <param name="ResumeDate">The day on which a hold ends by itself.</param>
    /// <param name="WaitingOnCustomer">Whether the customer is waited for; the deadline waits too then.</param>
    /// <param name="SignoffWaivedReason">Why it is completed without a signature.</param>
    public sealed record ActionBody(string? Reason, string? AcceptedByName, DateOnly? ResumeDate, bool? WaitingOnCustomer, string? SignoffWaivedReason);

    /// <summary>A new order.</summary>
    public sealed record OrderBody : OrderDetails
    {
        /// <summary>Its first lines.</summary>
        public IReadOnlyList<LineItemDetails>? LineItems { get; init; }

        /// <summary>What the order itself has of it.</summary>
        public OrderDetails WithoutLines() => EntityDetails<OrderDetails, OrderDetails>.Into(new(), this);
    }
}
