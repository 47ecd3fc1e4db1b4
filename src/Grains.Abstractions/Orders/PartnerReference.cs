namespace ChargeCars.Orders;

/// <summary>One of a partner's names for an order, in a row of its own so that the database holds it unique. A part of its order.</summary>
[GenerateSerializer, Immutable, Alias("order_partner_reference")]
public sealed record PartnerReference : IEntityPart
{
    /// <summary>Its id; follows from order, partner and name.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the order that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The order.</summary>
    [Id(4)] public Guid OrderId { get; init; }

    /// <summary>The partner.</summary>
    [Id(5)] public Guid PartnerOrganizationId { get; init; }

    /// <summary>What it is called there, such as <c>orderId</c>.</summary>
    [Id(6)] public string Name { get; init; } = "";

    /// <summary>The partner's value.</summary>
    [Id(7)] public string Value { get; init; } = "";
}
