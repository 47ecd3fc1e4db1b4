namespace ChargeCars.Catalogue.Products;

/// <summary>What an editor may set of a product.</summary>
[GenerateSerializer, Immutable, Alias("product-details")]
public record ProductDetails
{
    /// <summary>The article number; unique.</summary>
    [Id(0)] public string? Sku { get; init; }

    /// <summary>Its name.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>What it is, in some lines.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>The group that it is listed in.</summary>
    [Id(3)] public string? Category { get; init; }

    /// <summary>What it is.</summary>
    [Id(4)] public ProductType? ProductType { get; init; }

    /// <summary>Price in euros without BTW; null for who may not see prices.</summary>
    [Id(5)] public decimal? UnitPrice { get; init; }

    /// <summary>Price for partners in euros without BTW.</summary>
    [Id(6)] public decimal? PartnerPrice { get; init; }

    /// <summary>The rate of BTW: 0, 0.09 or 0.21.</summary>
    [Id(7)] public decimal TaxRate { get; init; } = 0.21m;

    /// <summary>Whether it is sold. A product that was used is never deleted.</summary>
    [Id(8)] public bool IsActive { get; init; } = true;

    /// <summary>The organization that delivers it.</summary>
    [Id(9)] public Guid? SupplierId { get; init; }

    /// <summary>Who makes it; a charger's serial number is unique within it.</summary>
    [Id(10)] public string? Brand { get; init; }

    /// <summary>For how many months its maker vouches for it, from its installation on; null: as the settings say.</summary>
    [Id(11)] public int? WarrantyMonths { get; init; }
}

/// <summary>A product or a service. A row of <c>product</c>.</summary>
[GenerateSerializer, Immutable, Alias("product")]
public sealed record Product : ProductDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Pieces in all places together, by the stock ledger; null where none was ever kept.</summary>
    [Id(4), KeptByOthers] public int? StockQuantity { get; init; }
}
