using System.Collections.Immutable;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;

namespace ChargeCars.Catalogue.Stock;

/// <summary>What is known of a product's stock while commands are decided: all balances, and of the rest what the commands name.</summary>
/// <param name="ProductId">The product.</param>
public sealed record StockBook(Guid ProductId)
{
    /// <summary>The product's row; null until its first movement.</summary>
    public ProductStock? Row { get; init; }

    /// <summary>Whether there is such a product, and it is goods.</summary>
    public bool IsGoods { get; init; }

    /// <summary>Whether its pieces are chargers, which are on record where they hang.</summary>
    public bool IsCharger { get; init; }

    /// <summary>Who makes it, in the form in which makers are compared: in capitals and small letters it is one maker.</summary>
    public string? Maker { get; init; }

    /// <summary>What each place has.</summary>
    public ImmutableDictionary<Guid, StockBalance> Balances { get; init; } = ImmutableDictionary<Guid, StockBalance>.Empty;

    /// <summary>The places.</summary>
    public ImmutableDictionary<Guid, KnownPlace> Places { get; init; } = ImmutableDictionary<Guid, KnownPlace>.Empty;

    /// <summary>The reservations that are named, and those that lack something.</summary>
    public ImmutableDictionary<Guid, StockReservation> Reservations { get; init; } = ImmutableDictionary<Guid, StockReservation>.Empty;

    /// <summary>The pieces that are named, by their numbers.</summary>
    public ImmutableDictionary<string, StockSerial> Serials { get; init; } = ImmutableDictionary<string, StockSerial>.Empty;

    /// <summary>The numbers that are named and that pieces of the maker's other products have, in stock or out with a visit; with these products.</summary>
    public ImmutableDictionary<string, Guid> Foreign { get; init; } = ImmutableDictionary<string, Guid>.Empty;

    /// <summary>The installed chargers of the maker that have a number that is named.</summary>
    public ImmutableDictionary<string, KnownCharger> Chargers { get; init; } = ImmutableDictionary<string, KnownCharger>.Empty;

    /// <summary>The movements that are named and were made before.</summary>
    public ImmutableDictionary<Guid, StockMovement> Movements { get; init; } = ImmutableDictionary<Guid, StockMovement>.Empty;

    /// <summary>The visits that are named.</summary>
    public ImmutableDictionary<Guid, KnownVisit> Visits { get; init; } = ImmutableDictionary<Guid, KnownVisit>.Empty;

    /// <summary>What a place has; nothing where nothing is known.</summary>
    public StockBalance At(Guid place) => Balances.GetValueOrDefault(place) ?? new StockBalance
    {
        Id = NameBasedId.Of($"{ProductId}/{place}"), ProductId = ProductId, PlaceId = place,
    };
}

/// <summary>A place as far as a movement needs to know it.</summary>
public sealed record KnownPlace(Guid Id, string Name, PlaceType Type, bool IsActive, BusinessEntity? BusinessEntity, Guid? VehicleId);

/// <summary>A visit as far as a movement needs to know it.</summary>
/// <param name="Id">The visit.</param>
/// <param name="OrderId">Its order.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Unnumbered">Pieces of the product without a number that it took out and did not give back; of those with one, each piece says who took it.</param>
public sealed record KnownVisit(Guid Id, Guid OrderId, VisitStatus Status, int Unnumbered);

/// <summary>An installed charger as far as a movement needs to know it.</summary>
/// <param name="ProductId">The product that it is; null where none is on record.</param>
/// <param name="VisitId">The visit that hung it.</param>
/// <param name="Hangs">Whether it was not taken down.</param>
public sealed record KnownCharger(Guid? ProductId, Guid? VisitId, bool Hangs);

/// <summary>What a command comes to.</summary>
/// <param name="After">The book after it; the same where nothing changes.</param>
/// <param name="Answer">The answer.</param>
public sealed record StockStep(StockBook After, StockAnswer Answer)
{
    /// <summary>The movement that is new to the ledger.</summary>
    public StockMovement? Moved { get; init; }

    /// <summary>The reservations that it changes, as they were (null: it makes them) and as they are.</summary>
    public IReadOnlyList<(StockReservation? Before, StockReservation After)> Reservations { get; init; } = [];

    /// <summary>What is announced.</summary>
    public IReadOnlyList<StockNews> News { get; init; } = [];

    /// <summary>What is due later.</summary>
    public IReadOnlyList<DueCommand> Then { get; init; } = [];

    /// <summary>The keys of what is not due any more.</summary>
    public IReadOnlyList<string> Withdrawn { get; init; } = [];

    /// <summary>Whether there is anything to commit.</summary>
    public bool Changes => Moved is not null || Reservations.Count > 0;
}

/// <summary>A change as screens are told it, with what its place has after it.</summary>
/// <param name="Name">What happened: <c>moved</c>, <c>reserved</c>, <c>released</c>, <c>expired</c>, <c>used</c>, <c>short</c>.</param>
/// <param name="EntityType">The table of what changed.</param>
/// <param name="EntityId">Which.</param>
/// <param name="Place">Where; null where it is nowhere.</param>
/// <param name="BusinessEntity">Whose order it is, where it is one's.</param>
/// <param name="Data">What a client needs to follow it.</param>
public sealed record StockNews(string Name, string EntityType, Guid EntityId, KnownPlace? Place, BusinessEntity? BusinessEntity, object Data);
