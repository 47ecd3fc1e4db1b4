using System.Text.Json.Serialization;

namespace ChargeCars.Catalogue.Stock;

/// <summary>A product's stock in all places together. A row of <c>product_stock</c>, whose id is the product's.</summary>
[GenerateSerializer, Immutable, Alias("product_stock")]
public sealed record ProductStock : IEntityState
{
    /// <summary>The product.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Moves with every change of the product's stock, in whatever place: it fences them.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Pieces in all places.</summary>
    [Id(4)] public int OnHand { get; init; }

    /// <summary>Those of them that are kept for somebody.</summary>
    [Id(5)] public int Reserved { get; init; }

    /// <summary>Pieces that orders need and that could not be kept for them.</summary>
    [Id(6)] public int Short { get; init; }
}

/// <summary>What a place has of a product. A row of <c>stock_balance</c>.</summary>
[GenerateSerializer, Immutable, Alias("stock_balance")]
public sealed record StockBalance
{
    /// <summary>Its id; follows from product and place.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the product's stock that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The product.</summary>
    [Id(4)] public Guid ProductId { get; init; }

    /// <summary>The place.</summary>
    [Id(5)] public Guid PlaceId { get; init; }

    /// <summary>Pieces that are there.</summary>
    [Id(6)] public int OnHand { get; init; }

    /// <summary>Those of them that are kept for somebody.</summary>
    [Id(7)] public int Reserved { get; init; }

    /// <summary>Those of them whose serial number is known.</summary>
    [Id(8)] public int Serials { get; init; }

    /// <summary>Pieces that anybody may take.</summary>
    [JsonIgnore] public int Available => OnHand - Reserved;
}

/// <summary>A movement of goods. A row of <c>stock_movement</c>, the ledger: never changed and never taken away.</summary>
[GenerateSerializer, Immutable, Alias("stock_movement")]
public sealed record StockMovement
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>1, as it never changes.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The product.</summary>
    [Id(3)] public Guid ProductId { get; init; }

    /// <summary>Where it left; null: it came from outside, or back from a visit.</summary>
    [Id(4)] public Guid? FromPlaceId { get; init; }

    /// <summary>Where it went; null: it left, to a customer or to waste.</summary>
    [Id(5)] public Guid? ToPlaceId { get; init; }

    /// <summary>Pieces.</summary>
    [Id(6)] public int Quantity { get; init; }

    /// <summary>The visit that used it, or that brought it back.</summary>
    [Id(7)] public Guid? VisitId { get; init; }

    /// <summary>The reservation that it was taken from.</summary>
    [Id(8)] public Guid? ReservationId { get; init; }

    /// <summary>The piece's own number.</summary>
    [Id(9)] public string? SerialNumber { get; init; }

    /// <summary>Why.</summary>
    [Id(10)] public string? Reason { get; init; }
}

/// <summary>What became of a reservation.</summary>
[JsonConverter(typeof(WireEnumConverter<ReservationState>))]
public enum ReservationState
{
    /// <summary>Its pieces are kept.</summary>
    Held,

    /// <summary>An order needs them, and there are none yet: the next that come in are kept for it.</summary>
    Short,

    /// <summary>Somebody let them go.</summary>
    Released,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>Its pieces were taken.</summary>
    Used,
}

/// <summary>Who pieces are kept for.</summary>
[JsonConverter(typeof(WireEnumConverter<ReservationOwner>))]
public enum ReservationOwner
{
    /// <summary>An order.</summary>
    Order,

    /// <summary>A line of an order.</summary>
    LineItem,

    /// <summary>A visit.</summary>
    Visit,
}

/// <summary>Pieces that are kept for somebody. A row of <c>stock_reservation</c>.</summary>
[GenerateSerializer, Immutable, Alias("stock_reservation")]
public sealed record StockReservation
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>1 at first, one more with every change of it; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The product.</summary>
    [Id(4)] public Guid ProductId { get; init; }

    /// <summary>Where they are kept; null while none is.</summary>
    [Id(5)] public Guid? PlaceId { get; init; }

    /// <summary>Pieces; they count against the place while the state is <c>held</c>.</summary>
    [Id(6)] public int Quantity { get; init; }

    /// <summary>What kind of owner it has.</summary>
    [Id(7)] public ReservationOwner OwnerType { get; init; }

    /// <summary>The owner.</summary>
    [Id(8)] public Guid OwnerId { get; init; }

    /// <summary>The order that the owner is, or is of.</summary>
    [Id(9)] public Guid? OrderId { get; init; }

    /// <summary>What became of it.</summary>
    [Id(10)] public ReservationState State { get; init; }

    /// <summary>When it ends by itself, UTC; null: not by itself.</summary>
    [Id(11)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of an order's line: how many it needs; null of any other.</summary>
    [Id(12)] public int? Wanted { get; init; }

    /// <summary>Of an order's line: how many of them were used.</summary>
    [Id(13)] public int Used { get; init; }

    /// <summary>Of an order's line: the version of the order that said so.</summary>
    [Id(14), JsonIgnore] public long? OwnerVersion { get; init; }

    /// <summary>When it ended, UTC; null while it is kept or waited for.</summary>
    [Id(15)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The order's name; null where no order's line asked.</summary>
    [Id(16)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Pieces that count against the place's balance.</summary>
    [JsonIgnore] public int Held => State == ReservationState.Held ? Quantity : 0;

    /// <summary>Pieces that it still lacks.</summary>
    [JsonIgnore] public int Lacks => State is ReservationState.Held or ReservationState.Short && Wanted is { } wanted ? Math.Max(0, wanted - Used - Held) : 0;
}

/// <summary>Where a piece with a number of its own is. A row of <c>stock_serial</c>.</summary>
[GenerateSerializer, Immutable, Alias("stock_serial")]
public sealed record StockSerial
{
    /// <summary>Its id; follows from product and number.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>1 at first, one more with every change of it.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The product.</summary>
    [Id(4)] public Guid ProductId { get; init; }

    /// <summary>The number.</summary>
    [Id(5)] public string SerialNumber { get; init; } = "";

    /// <summary>Where it is; null: in no place of ours.</summary>
    [Id(6)] public Guid? PlaceId { get; init; }

    /// <summary>The visit that took it out.</summary>
    [Id(7)] public Guid? VisitId { get; init; }

    /// <summary>The movement that brought it there.</summary>
    [Id(8)] public Guid LastMovementId { get; init; }

    /// <summary>Its product's maker, in the form in which makers are compared: in stock and out with visits, a number is one piece of a maker's.</summary>
    [Id(9), JsonIgnore] public string? Maker { get; init; }
}
