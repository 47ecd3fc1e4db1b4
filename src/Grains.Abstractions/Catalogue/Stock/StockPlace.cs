using System.Text.Json.Serialization;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.Stock;

/// <summary>What kind of place goods are in.</summary>
[JsonConverter(typeof(WireEnumConverter<PlaceType>))]
public enum PlaceType
{
    /// <summary>A building.</summary>
    Warehouse,

    /// <summary>A van.</summary>
    Vehicle,
}

/// <summary>What an editor may set of a place.</summary>
[GenerateSerializer, Immutable, Alias("stock_place-details")]
public record StockPlaceDetails
{
    /// <summary>Its name.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>What it is; required, and never changed.</summary>
    [Id(1)] public PlaceType? PlaceType { get; init; }

    /// <summary>The van; required of a vehicle's place, and of no other.</summary>
    [Id(2)] public Guid? VehicleId { get; init; }

    /// <summary>Whose warehouse it is; null: all five names draw on it.</summary>
    [Id(3)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Whether goods may come in. What is there can always be taken out.</summary>
    [Id(4)] public bool IsActive { get; init; } = true;
}

/// <summary>A place where goods are, with what it should have at least. A row of <c>stock_place</c>.</summary>
[GenerateSerializer, Immutable, Alias("stock_place")]
public sealed record StockPlace : StockPlaceDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What it should have at least; changed by <see cref="SetMinimum"/> and <see cref="RemoveMinimum"/>.</summary>
    [Id(4)] public IReadOnlyList<StockMinimum> Minimums { get; init; } = [];
}

/// <summary>How much of a product a place should have. A row of <c>stock_minimum</c>; a part of its place.</summary>
[GenerateSerializer, Immutable, Alias("stock_minimum")]
public sealed record StockMinimum : IEntityPart
{
    /// <summary>Its id; follows from place and product.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the place that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The place.</summary>
    [Id(4)] public Guid PlaceId { get; init; }

    /// <summary>The product.</summary>
    [Id(5)] public Guid ProductId { get; init; }

    /// <summary>Pieces that should be available; below it the place is refilled.</summary>
    [Id(6)] public int Minimum { get; init; }

    /// <summary>Up to how many pieces it is refilled.</summary>
    [Id(7)] public int RefillTo { get; init; }
}

/// <summary>Says how much of a product a place should have.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Minimum">Pieces that should be available.</param>
/// <param name="RefillTo">Up to how many it is refilled; null: the minimum.</param>
[GenerateSerializer, Immutable, Alias("stock_place.set-minimum")]
public sealed record SetMinimum(Guid ProductId, int? Minimum, int? RefillTo) : EntityCommand<StockPlace>;

/// <summary>A place need not have a product any more.</summary>
/// <param name="ProductId">The product.</param>
[GenerateSerializer, Immutable, Alias("stock_place.remove-minimum")]
public sealed record RemoveMinimum(Guid ProductId) : EntityCommand<StockPlace>;
