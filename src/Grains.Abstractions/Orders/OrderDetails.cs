namespace ChargeCars.Orders;

/// <summary>What an editor may set of an order.</summary>
[GenerateSerializer, Immutable, Alias("order-details")]
public record OrderDetails
{
    /// <summary>What is ordered; required.</summary>
    [Id(0)] public OrderType? OrderType { get; init; }

    /// <summary>The name that takes the order; required, and never changed, as the number is of its series.</summary>
    [Id(1)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Who buys; required.</summary>
    [Id(2)] public Guid? CustomerOrganizationId { get; init; }

    /// <summary>Whom to talk to; required.</summary>
    [Id(3)] public Guid? PrimaryContactId { get; init; }

    /// <summary>Where the work is done; required.</summary>
    [Id(4)] public Guid? InstallationAddressId { get; init; }

    /// <summary>The partner that it came from.</summary>
    [Id(5)] public Guid? PartnerOrganizationId { get; init; }

    /// <summary>The day that the customer asked for.</summary>
    [Id(6)] public DateOnly? RequestedDate { get; init; }

    /// <summary>The day on which it should be done.</summary>
    [Id(7)] public DateOnly? PlannedCompletionDate { get; init; }

    /// <summary>How urgent it is.</summary>
    [Id(8)] public PriorityLevel PriorityLevel { get; init; } = PriorityLevel.Normal;

    /// <summary>Notes for colleagues, with line breaks.</summary>
    [Id(9)] public string? Notes { get; init; }

    /// <summary>The partner's own names for the order, such as <c>{"orderId": "P-1"}</c>; each is unique at the partner.</summary>
    [Id(10)] public IReadOnlyDictionary<string, string>? PartnerExternalReferences { get; init; }
}
