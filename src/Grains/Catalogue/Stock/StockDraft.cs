using ChargeCars.Platform.DueCommands;

namespace ChargeCars.Catalogue.Stock;

/// <summary>The step that a command makes, while it is made. Every change of a balance goes through <see cref="Add"/>.</summary>
internal sealed class StockDraft(StockBook before, DateTimeOffset now)
{
    private readonly Dictionary<Guid, StockReservation?> _touched = [];
    private readonly List<(string Name, Guid Reservation)> _told = [];
    private bool _freed;

    public StockBook Book { get; private set; } = before;

    public DateTimeOffset Now => now;

    /// <summary>The movement that is made.</summary>
    public StockMovement? Moved { get; private set; }

    /// <summary>Adds to what a place has; below zero is a fault of the decider, which the database would refuse too.</summary>
    public void Add(Guid place, int onHand = 0, int reserved = 0, int serials = 0)
    {
        var was = Book.At(place);
        var (there, kept, numbered) = (checked(was.OnHand + onHand), checked(was.Reserved + reserved), was.Serials + serials);
        if (there < 0 || kept < 0 || kept > there || numbered < 0 || numbered > there)
        {
            throw new InvalidOperationException($"The stock of {Book.ProductId} at {place} would be {there} with {kept} reserved and {numbered} numbered.");
        }

        var isNew = was.Version == 0;
        Book = Book with { Balances = Book.Balances.SetItem(place, was with { OnHand = there, Reserved = kept, Serials = numbered, CreatedAt = isNew ? now : was.CreatedAt }) };
        _freed |= there - kept > was.Available;
    }

    public void Record(StockMovement movement)
    {
        Moved = movement;
        Book = Book with { Movements = Book.Movements.SetItem(movement.Id, movement) };
    }

    /// <summary>Puts a piece where it is now.</summary>
    public void Put(StockSerial? known, string number, Guid? place, Guid? visit, Guid movement) => Book = Book with
    {
        Serials = Book.Serials.SetItem(number, (known ?? new StockSerial
        {
            Id = NameBasedId.Of($"{Book.ProductId}/{number}"), ProductId = Book.ProductId, SerialNumber = number, CreatedAt = now,
        }) with { Maker = Book.Maker, PlaceId = place, VisitId = visit, LastMovementId = movement, Version = (known?.Version ?? 0) + 1, UpdatedAt = now }),
    };

    /// <summary>Keeps a reservation's new state, and says what happened to it under a name.</summary>
    public StockReservation Put(StockReservation reservation, string told)
    {
        var was = Book.Reservations.GetValueOrDefault(reservation.Id);
        _touched.TryAdd(reservation.Id, was);
        var kept = reservation with
        {
            // One version a command, however often the command touches it.
            Version = (_touched[reservation.Id]?.Version ?? 0) + 1, UpdatedAt = now,
            EndedAt = reservation.State is ReservationState.Held or ReservationState.Short ? null : now,
        };
        Book = Book with { Reservations = Book.Reservations.SetItem(kept.Id, kept) };
        _told.RemoveAll(one => one == (told, kept.Id));
        _told.Add((told, kept.Id));
        return kept;
    }

    /// <summary>Keeps for an order's line what it lacks, as far as there is any.</summary>
    public void TopUp(StockReservation need)
    {
        var lacks = need.Lacks;
        if (lacks > 0 && PlaceFor(need) is { } place && Math.Min(lacks, Book.At(place).Available) is > 0 and var taken)
        {
            Add(place, reserved: taken);
            Put(need with { State = ReservationState.Held, PlaceId = place, Quantity = need.Held + taken }, "reserved");
        }
    }

    /// <summary>The step; what was freed is first kept for the orders that wait for it, the oldest first.</summary>
    public StockStep Step(Guid? reservation = null)
    {
        if (_freed)
        {
            foreach (var need in Book.Reservations.Values.Where(one => one.Lacks > 0).OrderBy(one => one.CreatedAt).ThenBy(one => one.Id))
            {
                TopUp(need);
            }
        }

        var changed = _touched.Select(pair => (Before: pair.Value, After: Book.Reservations[pair.Key])).ToList();
        return new(Book, new StockAnswer { Movement = Moved, Reservation = reservation is { } id ? Book.Reservations[id] : null })
        {
            Moved = Moved,
            Reservations = changed,
            // What was short and could be kept after all is not short.
            News = [.. MovedNews(), .. _told.Where(one => one.Name != "short" || Book.Reservations[one.Reservation].Lacks > 0).Select(Told)],
            Then =
            [
                .. changed.Where(pair => pair.Before is null && pair.After.Wanted is null).Select(pair =>
                    new DueCommand(pair.After.Id, new ReleaseIfOver(Book.ProductId, pair.After.Id, pair.After.OwnerType, pair.After.OwnerId))),
                .. changed.Where(pair => pair.Before is null && pair.After.ExpiresAt is not null).Select(pair =>
                    new DueCommand(pair.After.Id, new ExpireReservation(Book.ProductId, pair.After.Id)) { At = pair.After.ExpiresAt, Key = ExpiryKey(pair.After) }),
            ],
            Withdrawn = [.. changed.Where(pair => pair.Before?.ExpiresAt is not null && pair.After.EndedAt is not null).Select(pair => ExpiryKey(pair.After))],
        };
    }

    private static string ExpiryKey(StockReservation reservation) => $"stock-reservation:{reservation.Id}";

    // Where some is kept already, more is kept; else where all of it is, the order's own warehouse first.
    private Guid? PlaceFor(StockReservation need) => need.Held > 0
        ? need.PlaceId
        : Book.Places.Values
            .Where(place => place is { Type: PlaceType.Warehouse, IsActive: true } && (place.BusinessEntity is null || place.BusinessEntity == need.BusinessEntity))
            .OrderByDescending(place => Book.At(place.Id).Available >= need.Lacks)
            .ThenByDescending(place => place.BusinessEntity is not null)
            .ThenByDescending(place => Book.At(place.Id).Available)
            .ThenBy(place => place.Id)
            .Select(place => (Guid?)place.Id)
            .FirstOrDefault();

    // Each end is told to those who see that place, with what that place has.
    private IEnumerable<StockNews> MovedNews()
    {
        if (Moved is not { } moved)
        {
            yield break;
        }

        foreach (var (place, change) in new[] { (moved.FromPlaceId, -moved.Quantity), (moved.ToPlaceId, moved.Quantity) })
        {
            if (place is { } id)
            {
                var balance = Book.At(id);
                yield return new("moved", "stock_movement", moved.Id, Book.Places.GetValueOrDefault(id), null, new
                {
                    moved.ProductId, PlaceId = id, Change = change, moved.VisitId, moved.SerialNumber, balance.OnHand, balance.Reserved, balance.Available,
                });
            }
        }
    }

    private StockNews Told((string Name, Guid Reservation) told)
    {
        var reservation = Book.Reservations[told.Reservation];
        var balance = reservation.PlaceId is { } id ? Book.At(id) : null;
        return new(told.Name, "stock_reservation", reservation.Id, balance is null ? null : Book.Places.GetValueOrDefault(balance.PlaceId), reservation.BusinessEntity, new
        {
            reservation.ProductId, reservation.PlaceId, reservation.Quantity, reservation.State, reservation.OwnerType, reservation.OwnerId, reservation.OrderId,
            Short = reservation.Lacks, balance?.OnHand, balance?.Reserved, balance?.Available,
        });
    }
}
