using ChargeCars.Api.Catalogue;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Audit;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Orders;

/// <summary>Orders, within <see cref="OrderScope"/>. Prices are for who may see them; a partner sees partner prices, and no notes for colleagues.</summary>
internal sealed class OrderAccess : IEntityAccess<Order, OrderDetails>
{
    public static string Route => "/api/orders";

    public static string Noun => "order";

    public static string Read => Permissions.OrdersRead;

    public static string Write => Permissions.OrdersWrite;

    public static bool IsDeletable => false;

    public static bool IsMadeOfDetails => false;

    public static bool HasTransitions => true;

    public static OrderDetails Example => new()
    {
        OrderType = OrderType.Installation, BusinessEntity = BusinessEntity.Chargecars, CustomerOrganizationId = Guid.Parse("0199a000-0000-7000-8000-000000000001"),
        PrimaryContactId = Guid.Parse("0199a000-0000-7000-8000-000000000002"), InstallationAddressId = Guid.Parse("0199a000-0000-7000-8000-000000000003"),
        RequestedDate = new DateOnly(2026, 12, 14),
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.Any(OrderScope.OrderAlternatives(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, OrderDetails details, Order? before) =>
        caller.Vehicles is not null ? new Forbidden("Credentials of some vehicles only can't change orders.")
            : caller.PartnerOrganizationId is { } partner && details.PartnerOrganizationId != partner
                ? Invalid.Field("partnerOrganizationId", $"must be {partner} for these credentials")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity);

    public static async Task<IResult?> RefuseChangeAsync(Order before, OrderDetails after, HttpContext http) =>
        (before.CustomerOrganizationId, before.PrimaryContactId, before.InstallationAddressId) != (after.CustomerOrganizationId, after.PrimaryContactId, after.InstallationAddressId)
            && await http.RequestServices.GetRequiredService<OrderReferences>().CheckAsync(after, http.RequestAborted) is { } foreign
                ? ProblemAnswers.From(foreign)
                : null;

    public static IEnumerable<EntityReference> References(OrderDetails details) =>
    [
        new("customerOrganizationId", "organization", details.CustomerOrganizationId),
        new("primaryContactId", "contact", details.PrimaryContactId),
        new("installationAddressId", "address", details.InstallationAddressId),
        new("partnerOrganizationId", "organization", details.PartnerOrganizationId),
    ];

    public static Type View => typeof(OrderView);

    public static object Seen(Order state, Caller caller, DateTimeOffset now) => new OrderView(Masked(state, caller), now);

    /// <summary>The order without what the caller may not see.</summary>
    public static Order Masked(Order state, Caller caller)
    {
        var (prices, partner) = (caller.SeesPrices(), caller.SeesPartnerPrices());
        return prices && partner ? state : state with
        {
            NetAmount = prices ? state.NetAmount : null,
            VatAmount = prices ? state.VatAmount : null,
            TotalAmount = prices ? state.TotalAmount : null,
            VatBreakdown = prices ? state.VatBreakdown : null,
            PartnerTotalAmount = partner ? state.PartnerTotalAmount : null,
            Notes = caller.PartnerOrganizationId is null ? state.Notes : null,
            LineItems = [.. state.LineItems.Select(line => line with
            {
                UnitPrice = prices ? line.UnitPrice : null,
                TotalPrice = prices ? line.TotalPrice : null,
                PartnerPrice = partner ? line.PartnerPrice : null,
            })],
        };
    }

    public static ActionOption[] Options(ActionOption[] options, Order state, Caller caller) =>
        caller.Permissions.Contains(Permissions.OrdersWaiveSignoff) ? OrderDecider.Options(state, byManager: true) : options;

    public static IEnumerable<AuditMask> Masks =>
    [
        new("order", PriceScope.SeesPrices, "netAmount", "vatAmount", "totalAmount", "vatBreakdown"),
        new("order", PriceScope.SeesPartnerPrices, "partnerTotalAmount"),
        new("line_item", PriceScope.SeesPrices, "unitPrice", "totalPrice"),
        new("line_item", PriceScope.SeesPartnerPrices, "partnerPrice"),
    ];

    public static void MapMore(RouteGroupBuilder group)
    {
        OrderEndpoints.Map(group);
        LineItemEndpoints.Map(group);
        Visits.OrderVisitEndpoints.Map(group);
        Timeline.TimelineEndpoints.Map(group);
        Presence.PresenceEndpoints.Map(group);
    }
}
