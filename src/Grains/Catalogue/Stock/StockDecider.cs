using ChargeCars.Catalogue.Chargers;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Catalogue.Stock;

/// <summary>What may happen to a product's stock. Pure; every command has its one answer.</summary>
public static class StockDecider
{
    /// <summary>Pieces of one movement or reservation, at most.</summary>
    public const int Most = 1_000_000;

    // Of all movements together no place may overflow.
    private const int MostInAPlace = 100_000_000;

    private static readonly TimeSpan LongestReservation = TimeSpan.FromDays(730);

    /// <summary>What a command does, or why it is refused.</summary>
    /// <param name="book">What is known.</param>
    /// <param name="command">The command.</param>
    /// <param name="expectedVersion">The version of the reservation that the caller decided on; null where it does not care.</param>
    /// <param name="now">When, UTC.</param>
    public static Result<StockStep> Decide(StockBook book, StockCommand command, long? expectedVersion, DateTimeOffset now) => command switch
    {
        MoveStock move => Move(book, move, now),
        ReserveStock reserve => Reserve(book, reserve, now),
        ReleaseReservation release => Release(book, release.ReservationId, expectedVersion, now),
        ExpireReservation expire => Expire(book, expire.ReservationId, now),
        ReleaseOwned owned => ReleaseAll(book, owned.OwnerId, now),
        NeedStock need => Need(book, need, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a product's stock."),
    };

    /// <summary>The reservation by which a line of an order needs a product.</summary>
    public static Guid NeedId(Guid product, Guid line) => NameBasedId.Of($"stock-need/{product}/{line}");

    /// <summary>A piece's number in the one form in which it is kept; null where there is none.</summary>
    public static string? Number(string? serialNumber) => PlainText.TidyOrNull(serialNumber)?.ToUpperInvariant();

    /// <summary>Why a visit may not use parts: it does so while its crew is there. Null where it may.</summary>
    public static Conflict? RefuseUse(VisitStatus visit) => visit.IsThere() ? null
        : new Conflict("visit_not_there", $"The visit is {WireText.Of(visit)}: parts are used while it is on site.");

    private static Result<StockStep> Move(StockBook book, MoveStock move, DateTimeOffset now)
    {
        if (book.Movements.TryGetValue(move.MovementId, out var made))
        {
            return new StockStep(book, new StockAnswer { Movement = made });
        }

        if ((Fault(move) ?? Unknown(book, move)) is { } fault)
        {
            return fault;
        }

        if (move.ToPlaceId is { } into && ((Error?)Closed(book, into) ?? Overfull(book, into, move.Quantity!.Value)) is { } closed)
        {
            return closed;
        }

        if (move is { ToPlaceId: null, VisitId: { } user } && RefuseUse(book.Visits[user].Status) is { } away)
        {
            return away;
        }

        var (draft, quantity, number) = (new StockDraft(book, now), move.Quantity!.Value, Number(move.SerialNumber));
        var piece = number is null ? null : book.Serials.GetValueOrDefault(number);
        var refusal = (number is null ? null : Foreign(book, move, number, piece)) ?? (move.FromPlaceId is { } from
            ? Unnumbered(book, from, quantity, number, piece) ?? Leave(draft, move, from, quantity)
            : number is null ? Return(book, move, quantity) : Arrive(book, move, number, piece));
        if (refusal is not null)
        {
            return refusal;
        }

        var numbered = number is null ? 0 : 1;
        if (move.FromPlaceId is { } left)
        {
            draft.Add(left, onHand: -quantity, serials: piece is null ? 0 : -numbered);
        }

        if (move.ToPlaceId is { } to)
        {
            draft.Add(to, onHand: quantity, serials: numbered);
            Follow(draft, move, to, quantity);
        }

        if (number is not null)
        {
            draft.Put(piece, number, move.ToPlaceId, move.ToPlaceId is null ? move.VisitId : null, move.MovementId);
        }

        draft.Record(new StockMovement
        {
            Id = move.MovementId, Version = 1, CreatedAt = now, ProductId = book.ProductId, FromPlaceId = move.FromPlaceId, ToPlaceId = move.ToPlaceId, Quantity = quantity,
            VisitId = move.VisitId, ReservationId = move.ReservationId, SerialNumber = number, Reason = PlainText.TidyLinesOrNull(move.Reason),
        });
        return Counted(Hung(draft.Step(), move, number, now), move, quantity, number);
    }

    private static Invalid? Fault(MoveStock move) => new FieldFaults()
        .Required("quantity", move.Quantity)
        .Number("quantity", move.Quantity, 1, Most)
        .Text("serialNumber", move.SerialNumber, ..100)
        .Rule("quantity", Number(move.SerialNumber) is not null && move.Quantity != 1, "must be 1 with a serialNumber: a number is one piece's")
        .Rule("toPlaceId", move is { FromPlaceId: null, ToPlaceId: null }, "is required where there is no fromPlaceId")
        .Rule("toPlaceId", move.FromPlaceId is not null && move.FromPlaceId == move.ToPlaceId, "must be another place than fromPlaceId")
        .Rule("reservationId", move.ReservationId is not null && move.FromPlaceId is null, "needs a fromPlaceId")
        .Lines("reason", move.Reason, ..500)
        .Invalid;

    private static Invalid? Unknown(StockBook book, MoveStock move) => new FieldFaults()
        .Rule("productId", !book.IsGoods, "names no goods: services have no stock")
        .Rule("fromPlaceId", move.FromPlaceId is { } from && !book.Places.ContainsKey(from), $"there is no stock place {move.FromPlaceId}")
        .Rule("toPlaceId", move.ToPlaceId is { } to && !book.Places.ContainsKey(to), $"there is no stock place {move.ToPlaceId}")
        .Rule("visitId", move.VisitId is { } visit && !book.Visits.ContainsKey(visit), $"there is no visit {move.VisitId}")
        .Rule("reservationId", move.ReservationId is { } kept && !book.Reservations.ContainsKey(kept), $"there is no reservation {move.ReservationId} of this product")
        .Invalid;

    private static Conflict? Closed(StockBook book, Guid place) => book.Places.GetValueOrDefault(place) is { IsActive: false } closed
        ? new Conflict("place_closed", $"{closed.Name} is not active: nothing goes in any more.")
        : null;

    private static Invalid? Overfull(StockBook book, Guid place, int quantity) =>
        book.At(place).OnHand + (long)quantity > MostInAPlace ? Invalid.Field("quantity", $"a place holds at most {MostInAPlace} pieces of a product") : null;

    // A piece with a number leaves by its number, so that it is known where each of them is.
    private static Conflict? Unnumbered(StockBook book, Guid from, int quantity, string? number, StockSerial? piece)
    {
        var there = book.At(from);
        var anonymous = there.OnHand - there.Serials;
        return (number, piece) switch
        {
            (null, _) when there.OnHand >= quantity && anonymous < quantity => new Conflict(
                "serial_needed",
                $"{Pieces(anonymous)} of these {(anonymous == 1 ? "has no number of its" : "have no number of their")} own: name the serialNumber of each of the others.")
            {
                Figures = new Dictionary<string, long> { ["unnumbered"] = anonymous },
            },
            (not null, { } known) when known.PlaceId != from => new Conflict(
                "serial_elsewhere",
                known.PlaceId is null ? $"The piece {number} has left already." : $"The piece {number} is at another place: GET /api/stock/pieces says where.",
                "serialNumber"),
            (not null, null) when there.OnHand > 0 && anonymous < 1 => new Conflict("serial_elsewhere", $"All pieces that are there have other numbers than {number}.", "serialNumber"),
            _ => null,
        };
    }

    // A number is one piece of a maker's, whichever of its products it is. What goes to waste gives its number back.
    private static Conflict? Foreign(StockBook book, MoveStock move, string number, StockSerial? piece)
    {
        if (move is { ToPlaceId: null, VisitId: null })
        {
            return null;
        }

        if (book.Foreign.TryGetValue(number, out var product))
        {
            return new Conflict("serial_in_stock", $"The number {number} is a piece of another product of the same maker: GET /api/products/{product} says which.", "serialNumber");
        }

        var charger = book.Chargers.GetValueOrDefault(number);
        if (charger?.ProductId is { } other && other != book.ProductId && (piece?.PlaceId is null || move.ToPlaceId is null))
        {
            return new Conflict(
                "serial_installed",
                $"The number {number} is on record as an installed charger of another product of the same maker (GET /api/products/{other}): correct that record first.", "serialNumber");
        }

        // What is not in stock by its number, and hangs on a wall, can't leave from here; a visit may have put it on record by hand before it used it.
        return charger is { Hangs: true } && move.FromPlaceId is not null && piece is null && (move.ToPlaceId is not null || charger.VisitId != move.VisitId) ? Installed(number) : null;
    }

    // A piece with a number comes back by the visit that took it, or after its charger was taken down.
    private static Conflict? Arrive(StockBook book, MoveStock move, string number, StockSerial? piece)
    {
        // Not where: who asks may not see that place.
        if (piece?.PlaceId is not null)
        {
            return new Conflict("serial_in_stock", $"The piece {number} is in stock already: GET /api/stock/pieces says where.", "serialNumber");
        }

        if (move.VisitId is { } visit)
        {
            return piece?.VisitId == visit ? null : new Conflict("never_left", $"The piece {number} never left with this visit.", "serialNumber");
        }

        var charger = book.Chargers.GetValueOrDefault(number);
        return charger is { Hangs: true } ? Installed(number)
            : piece?.VisitId is { } user && charger?.VisitId != user
                ? new Conflict("serial_out", $"The piece {number} left with a visit: it comes back by the same visitId.", "serialNumber")
                : null;
    }

    private static Conflict Installed(string number) => new(
        "serial_installed", $"The number {number} is on record as an installed charger: give it back by the visit that hung it, or say on its record when it was taken down.",
        "serialNumber");

    // What left by its number comes back by it: else one piece would be two.
    private static Conflict? Return(StockBook book, MoveStock move, int quantity) =>
        move.VisitId is { } visit && book.Visits[visit].Unnumbered is var taken && taken < quantity
            ? new Conflict("never_left", $"The visit has {Pieces(taken)} of this product without a serial number to give back, not {quantity}.")
            {
                Figures = new Dictionary<string, long> { ["left"] = taken },
            }
            : null;

    // What is taken counts against the reservation that is named, or against what is kept for the visit's order, or against nobody's.
    private static Conflict? Leave(StockDraft draft, MoveStock move, Guid from, int quantity)
    {
        var free = draft.Book.At(from).Available;
        if (move.ReservationId is { } id)
        {
            return FromReservation(draft, move, draft.Book.Reservations[id], from, quantity);
        }

        if (move is { VisitId: { } visit, ToPlaceId: null })
        {
            var order = draft.Book.Visits[visit].OrderId;
            var kept = draft.Book.Reservations.Values.Where(one => one.OrderId == order && one.PlaceId == from).Sum(one => one.Held);
            return free + kept < quantity ? Insufficient(draft.Book, from, quantity, free + kept) : UsedFor(draft, order, from, quantity);
        }

        return free < quantity ? Insufficient(draft.Book, from, quantity, free) : null;
    }

    private static Conflict? FromReservation(StockDraft draft, MoveStock move, StockReservation kept, Guid from, int quantity)
    {
        if (kept.Held == 0 || kept.PlaceId != from)
        {
            return new Conflict("not_reserved", "The reservation keeps nothing at this place.", "reservationId");
        }

        if (quantity > kept.Held)
        {
            return Insufficient(draft.Book, from, quantity, kept.Held);
        }

        if (move.ToPlaceId is not null && quantity != kept.Held)
        {
            return new Conflict("reservation_whole", $"A reservation moves as a whole: {Pieces(kept.Held)}.", "quantity") { Figures = new Dictionary<string, long> { ["reserved"] = kept.Held } };
        }

        draft.Add(from, reserved: -quantity);
        if (move.ToPlaceId is null)
        {
            draft.Put(Less(kept, quantity), "used");
        }

        return null;
    }

    private static Conflict? UsedFor(StockDraft draft, Guid order, Guid from, int quantity)
    {
        var open = quantity;
        var theirs = draft.Book.Reservations.Values.Where(one => one.OrderId == order && (one.Held > 0 || one.Lacks > 0))
            .OrderByDescending(one => one.PlaceId == from).ThenBy(one => one.CreatedAt).ThenBy(one => one.Id).ToList();
        foreach (var kept in theirs.Where(one => one.PlaceId == from && one.Held > 0))
        {
            var taken = Math.Min(open, kept.Held);
            if (taken > 0)
            {
                draft.Add(from, reserved: -taken);
                draft.Put(Less(kept, taken), "used");
                open -= taken;
            }
        }

        // The rest comes out of what is nobody's. The order needs so many less, and what is kept for it elsewhere is let go.
        foreach (var need in theirs.Select(one => draft.Book.Reservations[one.Id]).Where(one => one.Wanted is not null))
        {
            var filled = Math.Min(open, need.Wanted!.Value - need.Used);
            if (filled <= 0)
            {
                continue;
            }

            open -= filled;
            var used = need with { Used = need.Used + filled };
            var surplus = Math.Max(0, need.Held - (used.Wanted!.Value - used.Used));
            if (surplus > 0)
            {
                draft.Add(need.PlaceId!.Value, reserved: -surplus);
            }

            draft.Put(Settled(used with { Quantity = need.Held - surplus }), "used");
        }

        return null;
    }

    private static StockReservation Less(StockReservation kept, int taken) =>
        Settled(kept with { Quantity = kept.Held - taken, Used = kept.Used + taken });

    private static StockReservation Settled(StockReservation kept) => kept with
    {
        State = kept.Quantity > 0 ? ReservationState.Held
            : kept.Wanted > kept.Used ? ReservationState.Short
            : kept.Used > 0 ? ReservationState.Used
            : ReservationState.Released,
    };

    private static void Follow(StockDraft draft, MoveStock move, Guid to, int quantity)
    {
        if (move.ReservationId is { } id)
        {
            draft.Add(to, reserved: quantity);
            draft.Put(draft.Book.Reservations[id] with { PlaceId = to }, "reserved");
        }
    }

    // A charger that a visit used hangs on a wall now, and one that it gave back does not.
    private static StockStep Hung(StockStep step, MoveStock move, string? number, DateTimeOffset now)
    {
        if (!step.After.IsCharger || number is null || move.VisitId is not { } visit || (move.FromPlaceId is not null && move.ToPlaceId is not null))
        {
            return step;
        }

        var command = new RecordCharger(step.After.ProductId, number, visit, now, Hangs: move.ToPlaceId is null);
        return step with { Then = [.. step.Then, new DueCommand(NameBasedId.Of($"charger/{step.After.ProductId}/{number}"), command)] };
    }

    // Of several movements in one commit each must know what the one before it took.
    private static StockStep Counted(StockStep step, MoveStock move, int quantity, string? number)
    {
        if (number is not null || move.VisitId is not { } id || (move.FromPlaceId is not null && move.ToPlaceId is not null))
        {
            return step;
        }

        var visit = step.After.Visits[id];
        var unnumbered = visit.Unnumbered + (move.FromPlaceId is null ? -quantity : quantity);
        return step with { After = step.After with { Visits = step.After.Visits.SetItem(id, visit with { Unnumbered = unnumbered }) } };
    }

    private static Result<StockStep> Reserve(StockBook book, ReserveStock reserve, DateTimeOffset now)
    {
        if (book.Reservations.TryGetValue(reserve.ReservationId, out var made))
        {
            return new StockStep(book, new StockAnswer { Reservation = made });
        }

        var fault = new FieldFaults()
            .Rule("productId", !book.IsGoods, "names no goods: services have no stock")
            .Required("placeId", (Guid?)reserve.PlaceId)
            .Rule("placeId", !book.Places.ContainsKey(reserve.PlaceId), $"there is no stock place {reserve.PlaceId}")
            .Required("quantity", reserve.Quantity)
            .Number("quantity", reserve.Quantity, 1, Most)
            .OneOf("ownerType", reserve.OwnerType)
            .Required("ownerId", (Guid?)reserve.OwnerId)
            .Rule("expiresAt", reserve.ExpiresAt <= now, "must be in the future")
            .Rule("expiresAt", reserve.ExpiresAt > now + LongestReservation, $"must be within {LongestReservation.TotalDays:0} days")
            .Invalid;
        if (fault is not null)
        {
            return fault;
        }

        var (free, quantity) = (book.At(reserve.PlaceId).Available, reserve.Quantity!.Value);
        if (free < quantity)
        {
            return Insufficient(book, reserve.PlaceId, quantity, free);
        }

        var draft = new StockDraft(book, now);
        draft.Add(reserve.PlaceId, reserved: quantity);
        draft.Put(new StockReservation
        {
            Id = reserve.ReservationId, CreatedAt = now, ProductId = book.ProductId, PlaceId = reserve.PlaceId, Quantity = quantity, OwnerType = reserve.OwnerType!.Value,
            OwnerId = reserve.OwnerId, OrderId = reserve.OrderId, State = ReservationState.Held, ExpiresAt = reserve.ExpiresAt?.ToUniversalTime(),
            BusinessEntity = reserve.BusinessEntity,
        }, "reserved");
        return draft.Step(reserve.ReservationId);
    }

    private static Result<StockStep> Release(StockBook book, Guid id, long? expectedVersion, DateTimeOffset now)
    {
        if (!book.Reservations.TryGetValue(id, out var kept))
        {
            return new NotFound("stock_reservation", id.ToString());
        }

        if (kept.State is not (ReservationState.Held or ReservationState.Short))
        {
            return new StockStep(book, new StockAnswer { Reservation = kept });
        }

        if (expectedVersion is { } expected && expected != kept.Version)
        {
            return new StaleVersion(expected, kept.Version);
        }

        var draft = new StockDraft(book, now);
        LetGo(draft, kept, ReservationState.Released);
        return draft.Step(id);
    }

    private static Result<StockStep> Expire(StockBook book, Guid id, DateTimeOffset now)
    {
        if (!book.Reservations.TryGetValue(id, out var kept) || kept is not { State: ReservationState.Held, ExpiresAt: { } at })
        {
            return new StockStep(book, new StockAnswer { Reservation = kept });
        }

        if (at > now)
        {
            return new TryAgain("The reservation's time is not over by this host's clock.");
        }

        var draft = new StockDraft(book, now);
        LetGo(draft, kept, ReservationState.Expired);
        return draft.Step(id);
    }

    private static StockStep ReleaseAll(StockBook book, Guid owner, DateTimeOffset now)
    {
        var draft = new StockDraft(book, now);
        foreach (var kept in book.Reservations.Values
            .Where(one => (one.OwnerId == owner || one.OrderId == owner) && one.State is ReservationState.Held or ReservationState.Short)
            .OrderBy(one => one.CreatedAt).ThenBy(one => one.Id))
        {
            LetGo(draft, kept, ReservationState.Released);
        }

        return draft.Step();
    }

    private static void LetGo(StockDraft draft, StockReservation kept, ReservationState state)
    {
        if (kept.Held > 0)
        {
            draft.Add(kept.PlaceId!.Value, reserved: -kept.Held);
        }

        // What a line needed it needs no more: else the next delivery would be kept for it.
        draft.Put(kept with { State = state, Wanted = kept.Wanted is null ? null : kept.Used }, state == ReservationState.Expired ? "expired" : "released");
    }

    private static Result<StockStep> Need(StockBook book, NeedStock need, DateTimeOffset now)
    {
        var id = NeedId(book.ProductId, need.LineId);
        var known = book.Reservations.GetValueOrDefault(id);
        if (!book.IsGoods || known?.OwnerVersion >= need.OrderVersion)
        {
            return new StockStep(book, new StockAnswer { Reservation = known });
        }

        var draft = new StockDraft(book, now);
        var was = known ?? new StockReservation
        {
            Id = id, CreatedAt = now, ProductId = book.ProductId, OwnerType = ReservationOwner.LineItem, OwnerId = need.LineId, OrderId = need.OrderId, State = ReservationState.Released,
        };
        var wanted = was with
        {
            Wanted = Math.Max(need.Quantity, was.Used), OwnerVersion = need.OrderVersion, BusinessEntity = need.BusinessEntity, Quantity = was.Held,
            PlaceId = was.Held > 0 ? was.PlaceId : null,
        };
        var surplus = Math.Max(0, was.Held - (wanted.Wanted!.Value - wanted.Used));
        if (surplus > 0)
        {
            draft.Add(was.PlaceId!.Value, reserved: -surplus);
        }

        var settled = Settled(wanted with { Quantity = was.Held - surplus });
        draft.TopUp(draft.Put(settled, settled.Lacks > 0 ? "short" : settled.State == ReservationState.Held ? "reserved" : "released"));
        return draft.Step(id);
    }

    private static Conflict Insufficient(StockBook book, Guid place, int asked, int available) => new(
        "insufficient_stock", $"{book.Places.GetValueOrDefault(place)?.Name ?? "The place"} has {Pieces(available)} to give, not {asked}.")
    {
        Figures = new Dictionary<string, long> { ["available"] = available },
    };

    private static string Pieces(int count) => count == 1 ? "1 piece" : $"{count} pieces";
}
