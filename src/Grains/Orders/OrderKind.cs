using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Orders;

/// <summary>Orders, with their lines and the partner's references as parts.</summary>
public sealed class OrderKind : IEntityKind<Order, OrderDetails>
{
    private const int MostReferences = 20;

    /// <summary>The refusal of a partner's reference that another of its orders has.</summary>
    public static readonly Conflict ReferenceTaken =
        new("reference_taken", "Another order of this partner has one of these references.", "partnerExternalReferences");

    /// <inheritdoc/>
    public static RowMapping<Order> Rows { get; } = new("order");

    /// <inheritdoc/>
    public static IReadOnlyList<PartTable<Order>> Parts { get; } =
    [
        new PartTable<Order, LineItem>(
            new("line_item"), "order_id", line => line.OrderId, order => order.LineItems, (order, lines) => order with { LineItems = lines }, "position, id"),
        new PartTable<Order, PartnerReference>(
            new("order_partner_reference"), "order_id", reference => reference.OrderId, order => order.References,
            (order, references) => order with { References = references }, "name, id"),
    ];

    /// <summary>By its number and the partner's. Its notes are not for partners, who could find out by searching what they say.</summary>
    public static Func<Order, SearchText> Findable { get; } = static order => new(order.OrderNumber)
    {
        Codes = [order.OrderNumber, .. order.PartnerExternalReferences?.Values ?? []],
    };

    /// <summary>By its customer, in person or by name, and by its address.</summary>
    public static IReadOnlyList<FoundThrough> FoundThrough { get; } =
        [new("organization", "customer_organization_id"), new("contact", "primary_contact_id"), new("address", "installation_address_id")];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["orderNumber"] = ListFilter.Text("order_number"),
            ["orderStatus"] = ListFilter.Word<OrderStatus>("order_status"),
            ["orderType"] = ListFilter.Word<OrderType>("order_type"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["customerOrganizationId"] = ListFilter.Uuid("customer_organization_id"),
            ["partnerOrganizationId"] = ListFilter.Uuid("partner_organization_id"),
            ["primaryContactId"] = ListFilter.Uuid("primary_contact_id"),
            ["installationAddressId"] = ListFilter.Uuid("installation_address_id"),
            ["priorityLevel"] = ListFilter.Word<PriorityLevel>("priority_level"),
            ["from"] = ListFilter.Since("created_at"),
            ["to"] = ListFilter.Until("created_at"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["orderNumber"] = new("order_number", "text") },
        "-createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(OrderDetails details, DateTimeOffset now)
    {
        var faults = new FieldFaults()
            .OneOf("orderType", details.OrderType)
            .OneOf("businessEntity", details.BusinessEntity)
            .Required("customerOrganizationId", details.CustomerOrganizationId)
            .Required("primaryContactId", details.PrimaryContactId)
            .Required("installationAddressId", details.InstallationAddressId)
            .Date("requestedDate", details.RequestedDate)
            .Date("plannedCompletionDate", details.PlannedCompletionDate)
            .Lines("notes", details.Notes, ..20_000)
            .Rule("partnerExternalReferences", details.PartnerExternalReferences?.Count > MostReferences, $"must hold at most {MostReferences}")
            .Rule("partnerExternalReferences", details is { PartnerExternalReferences.Count: > 0, PartnerOrganizationId: null }, "needs a partnerOrganizationId");
        foreach (var (name, value) in (details.PartnerExternalReferences ?? new Dictionary<string, string>()).Take(MostReferences))
        {
            faults.Text($"partnerExternalReferences.{name}", value, 1..200).Text($"partnerExternalReferences.{name}", name, 1..60);
        }

        return faults.Invalid;
    }

    /// <inheritdoc/>
    public static OrderDetails Normalized(OrderDetails details) => details with { Notes = PlainText.TidyLinesOrNull(details.Notes) };

    /// <inheritdoc/>
    public static Result<Outcome<Order>> Revised(Order before, Order after, DateTimeOffset now)
    {
        if (before.BusinessEntity != after.BusinessEntity)
        {
            return Invalid.Field("businessEntity", "can't be changed, as the order's number is of its series: cancel the order and make another");
        }

        var revised = WithReferences(after, now);
        var clocked = before.PriorityLevel == after.PriorityLevel ? revised : OrderDecider.Clocked(before, revised, now);
        var priced = before.PartnerOrganizationId == after.PartnerOrganizationId ? clocked : OrderDecider.Priced(clocked, clocked.LineItems);
        return priced.Map(order => OrderDecider.WithDeadline(Outcome.Of(order, "updated")));
    }

    /// <inheritdoc/>
    public static Error? RefuseDeletion(Order state, DateTimeOffset now) => new Conflict("order_kept", "An order is never deleted: cancel it.");

    /// <inheritdoc/>
    public static Result<Outcome<Order>> Decide(Order state, EntityCommand<Order> command, DateTimeOffset now) => OrderDecider.Decide(state, command, now);

    /// <inheritdoc/>
    public static ActionOption[] Options(Order state, DateTimeOffset now) => OrderDecider.Options(state, byManager: false);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Order state) =>
        new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, state.PartnerOrganizationId, null, null);

    /// <inheritdoc/>
    public static object Label(Order state) => new { state.OrderNumber };

    /// <summary>Without prices and notes, which not every viewer may see.</summary>
    public static object Told(Order state) => new
    {
        state.Id, state.OrderNumber, state.OrderStatus, state.OrderType, state.BusinessEntity, state.PriorityLevel, state.CustomerOrganizationId,
        state.InstallationAddressId, state.RequestedDate, state.PlannedCompletionDate, state.SlaDeadline, state.Version,
    };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Order? state) => violation.ConstraintName switch
    {
        "uq_order_partner_reference" => ReferenceTaken,
        "uq_order_order_number" => new Conflict("order_number_taken", $"Another order has the number {state?.OrderNumber}."),
        _ => null,
    };

    /// <summary>The order with a row for each of the partner's references.</summary>
    internal static Order WithReferences(Order order, DateTimeOffset now) => order with
    {
        References = order.PartnerOrganizationId is not { } partner ? [] :
        [
            .. (order.PartnerExternalReferences ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
            {
                var id = NameBasedId.Of($"{order.Id}/{partner}/{pair.Key}");
                var known = order.References.FirstOrDefault(reference => reference.Id == id);
                return (known ?? new PartnerReference { Id = id, CreatedAt = now, OrderId = order.Id, PartnerOrganizationId = partner, Name = pair.Key }) with { Value = pair.Value };
            }),
        ],
    };
}
