namespace ChargeCars.Catalogue.PriceLists;

/// <summary>What an editor may set of a list price.</summary>
[GenerateSerializer, Immutable, Alias("price_list-details")]
public record ListPriceDetails
{
    /// <summary>The product; required.</summary>
    [Id(0)] public Guid? ProductId { get; init; }

    /// <summary>The partner; null: for everybody who has no price of their own.</summary>
    [Id(1)] public Guid? PartnerOrganizationId { get; init; }

    /// <summary>The first day, of Amsterdam; required.</summary>
    [Id(2)] public DateOnly? ValidFrom { get; init; }

    /// <summary>The last day; null: until further notice.</summary>
    [Id(3)] public DateOnly? ValidTo { get; init; }

    /// <summary>Price in euros without BTW; null: the product's own.</summary>
    [Id(4)] public decimal? UnitPrice { get; init; }

    /// <summary>Price for the partner in euros without BTW; null: the product's own.</summary>
    [Id(5)] public decimal? PartnerPrice { get; init; }
}

/// <summary>The price of a product in a span of days, for one partner or for all. A row of <c>price_list</c>.</summary>
[GenerateSerializer, Immutable, Alias("price_list")]
public sealed record ListPrice : ListPriceDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }
}
