using Orleans.Concurrency;

namespace ChargeCars.Catalogue.Stock;

/// <summary>What can be asked of a product's stock.</summary>
[GenerateSerializer, Immutable, Alias("stock.command")]
public abstract record StockCommand;

/// <summary>
/// Moves pieces. Refused with <see cref="Invalid"/> and with <see cref="Conflict"/>: <c>insufficient_stock</c>, <c>never_left</c>,
/// <c>serial_in_stock</c>, <c>serial_installed</c>, <c>serial_out</c>, <c>serial_elsewhere</c>, <c>serial_needed</c>, <c>place_closed</c>,
/// <c>visit_not_there</c>.
/// </summary>
/// <param name="MovementId">The movement's id; the same again is the same movement.</param>
[GenerateSerializer, Immutable, Alias("stock.move")]
public sealed record MoveStock(Guid MovementId) : StockCommand
{
    /// <summary>Where they leave; null: from outside, or back from <see cref="VisitId"/>.</summary>
    [Id(0)] public Guid? FromPlaceId { get; init; }

    /// <summary>Where they go; null: out of the house.</summary>
    [Id(1)] public Guid? ToPlaceId { get; init; }

    /// <summary>Pieces, 1 to 1,000,000.</summary>
    [Id(2)] public int? Quantity { get; init; }

    /// <summary>The visit that uses them or gives them back.</summary>
    [Id(3)] public Guid? VisitId { get; init; }

    /// <summary>A piece's own number; then the quantity is 1.</summary>
    [Id(4)] public string? SerialNumber { get; init; }

    /// <summary>Why.</summary>
    [Id(5)] public string? Reason { get; init; }

    /// <summary>The reservation to take them from: between places it goes along, out of the house it is used.</summary>
    [Id(6)] public Guid? ReservationId { get; init; }
}

/// <summary>Keeps pieces for somebody, all of them or none: <c>insufficient_stock</c>.</summary>
/// <param name="ReservationId">The reservation's id; the same again is the same reservation.</param>
[GenerateSerializer, Immutable, Alias("stock.reserve")]
public sealed record ReserveStock(Guid ReservationId) : StockCommand
{
    /// <summary>Where.</summary>
    [Id(0)] public Guid PlaceId { get; init; }

    /// <summary>Pieces, 1 to 1,000,000.</summary>
    [Id(1)] public int? Quantity { get; init; }

    /// <summary>What kind of owner.</summary>
    [Id(2)] public ReservationOwner? OwnerType { get; init; }

    /// <summary>The owner.</summary>
    [Id(3)] public Guid OwnerId { get; init; }

    /// <summary>The order that the owner is, or is of.</summary>
    [Id(4)] public Guid? OrderId { get; init; }

    /// <summary>When it ends by itself, UTC; null: not by itself.</summary>
    [Id(5)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The order's name.</summary>
    [Id(6)] public BusinessEntity? BusinessEntity { get; init; }
}

/// <summary>Lets reserved pieces go. One that has ended stays as it ended: whoever comes second changes nothing.</summary>
/// <param name="ReservationId">Which.</param>
[GenerateSerializer, Immutable, Alias("stock.release")]
public sealed record ReleaseReservation(Guid ReservationId) : StockCommand;

/// <summary>Ends a reservation whose time is over; the program's own command.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="ReservationId">Which.</param>
[GenerateSerializer, Immutable, Alias("stock.expire")]
public sealed record ExpireReservation(Guid ProductId, Guid ReservationId) : StockCommand;

/// <summary>
/// Lets a reservation go whose owner was over when it was made; the program's own command. It follows from every reservation that somebody
/// makes: an owner that ends at the same moment released what it saw, which was not yet this one.
/// </summary>
/// <param name="ProductId">The product.</param>
/// <param name="ReservationId">Which.</param>
/// <param name="OwnerType">What kind of owner.</param>
/// <param name="OwnerId">The owner.</param>
[GenerateSerializer, Immutable, Alias("stock.release-if-over")]
public sealed record ReleaseIfOver(Guid ProductId, Guid ReservationId, ReservationOwner OwnerType, Guid OwnerId);

/// <summary>Lets everything go that is kept for an owner, or for an order in any way; the program's own command.</summary>
/// <param name="OwnerId">The owner, or the order.</param>
[GenerateSerializer, Immutable, Alias("stock.release-owned")]
public sealed record ReleaseOwned(Guid OwnerId) : StockCommand;

/// <summary>
/// How many pieces a line of an order needs from now on; the program's own command. What there is of them is kept, at a warehouse; the
/// rest is kept as soon as it comes in. An order's word is only heard if it is newer than the last, so that repetitions and words that
/// overtake one another change nothing.
/// </summary>
/// <param name="ProductId">The product.</param>
/// <param name="LineId">The line.</param>
/// <param name="OrderId">Its order.</param>
/// <param name="Quantity">Pieces that are needed, those that were used included; 0: none any more.</param>
/// <param name="OrderVersion">The version of the order that says so.</param>
[GenerateSerializer, Immutable, Alias("stock.need")]
public sealed record NeedStock(Guid ProductId, Guid LineId, Guid OrderId, int Quantity, long OrderVersion) : StockCommand
{
    /// <summary>The order's name; its own warehouses come first.</summary>
    [Id(0)] public BusinessEntity? BusinessEntity { get; init; }
}

/// <summary>What a command came to.</summary>
[GenerateSerializer, Immutable, Alias("stock.answer")]
public sealed record StockAnswer
{
    /// <summary>The movement that was asked for.</summary>
    [Id(0)] public StockMovement? Movement { get; init; }

    /// <summary>The reservation that was asked for.</summary>
    [Id(1)] public StockReservation? Reservation { get; init; }
}

/// <summary>
/// A product's stock in all places: the ledger's one writer. Key: the product's id. A movement has two places of one product, and a
/// reservation one, so that each command is one grain's and one transaction; all who wait are served by one commit.
/// </summary>
[Alias("ChargeCars.IStockGrain")]
public interface IStockGrain : IGrainWithGuidKey
{
    /// <summary>Decides and commits. Refuses with <see cref="NotFound"/>, <see cref="Invalid"/>, <see cref="StaleVersion"/>, <see cref="Conflict"/> or <see cref="TryAgain"/>.</summary>
    /// <remarks>Calls interleave, so that those who come while a commit is under way are served together by the next one.</remarks>
    [Alias("execute"), AlwaysInterleave]
    Task<Result<StockAnswer>> ExecuteAsync(StockCommand command, CommandContext context);
}
