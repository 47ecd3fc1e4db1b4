using ChargeCars.Catalogue.Stock;
using ChargeCars.Orders.Visits;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>What may happen to a product's stock: any order of anything, with repetitions, keeps ledger, balances and reservations in agreement.</summary>
public sealed class StockDeciderTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 300)]
    public void AnyOrderOfCommands_WithRepetitions_KeepsAllInAgreementAndNothingBelowZero(int seed)
    {
        var (world, book, now, accepted) = (new StockWorld(seed), StockWorld.Book, Start, 0);
        for (var n = 0; n < 120; n++)
        {
            now = now.AddSeconds(20);
            var command = world.Next(now);

            var decided = StockDecider.Decide(book, command, null, now);

            // A refusal is a value and changes nothing; a fault of the draft would have thrown.
            if (decided is { Succeeded: true, Value: var step })
            {
                accepted += step.Changes ? 1 : 0;
                var again = StockDecider.Decide(step.After, command, null, now);
                Assert.True(again.Succeeded, $"{command}: {again.Error?.Detail}");
                Assert.False(again.Value.Changes, $"{command} has two effects");
                book = step.After;
                AssertAgrees(book, command);
                AssertNoPieceIsTwo(book, command);
            }
        }

        Assert.True(accepted > 10, $"{accepted}");
    }

    [Fact]
    public void Refusals_NameWhatStandsInTheWay()
    {
        var (shed, van) = (StockWorld.Id(1), StockWorld.Id(3));
        var book = After(StockWorld.Book, new MoveStock(StockWorld.Id(101)) { ToPlaceId = shed, Quantity = 3 }, new MoveStock(StockWorld.Id(102)) { ToPlaceId = shed, Quantity = 1, SerialNumber = " sn-1 " });

        Assert.Equal(("insufficient_stock", 4L), Refused(book, new MoveStock(StockWorld.Id(103)) { FromPlaceId = shed, Quantity = 5 }, "available"));
        Assert.Equal(("serial_needed", 3L), Refused(book, new MoveStock(StockWorld.Id(103)) { FromPlaceId = shed, Quantity = 4 }, "unnumbered"));
        Assert.Equal("serial_in_stock", Refused(book, new MoveStock(StockWorld.Id(103)) { ToPlaceId = van, Quantity = 1, SerialNumber = "SN-1" }));
        Assert.Equal("serial_elsewhere", Refused(After(book, new MoveStock(StockWorld.Id(104)) { ToPlaceId = van, Quantity = 1 }), new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, Quantity = 1, SerialNumber = "SN-1" }));
        Assert.Equal(("never_left", 0L), Refused(book, new MoveStock(StockWorld.Id(103)) { ToPlaceId = van, Quantity = 1, VisitId = StockWorld.Id(11) }, "left"));
        Assert.Equal("not_reserved", Refused(After(book, Reserve(shed, 2)), new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, ToPlaceId = shed, Quantity = 2, ReservationId = StockWorld.Id(200) }));
        Assert.Equal("reservation_whole", Refused(After(book, Reserve(shed, 2)), new MoveStock(StockWorld.Id(103)) { FromPlaceId = shed, ToPlaceId = van, Quantity = 1, ReservationId = StockWorld.Id(200) }));
        Assert.Equal("Place 3 has 0 pieces to give, not 1.", StockDecider.Decide(book, new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, Quantity = 1 }, null, Start).Error!.Detail);
        var one = After(book, new MoveStock(StockWorld.Id(105)) { ToPlaceId = van, Quantity = 1 });
        Assert.Equal("Place 3 has 1 piece to give, not 2.", StockDecider.Decide(one, new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, Quantity = 2 }, null, Start).Error!.Detail);
        Assert.Equal(["quantity"], Fields(book, new MoveStock(StockWorld.Id(103)) { ToPlaceId = van, Quantity = 2, SerialNumber = "A" }));
        Assert.Equal(["toPlaceId"], Fields(book, new MoveStock(StockWorld.Id(103)) { Quantity = 2 }));
        Assert.Equal(["expiresAt"], Fields(book, Reserve(shed, 1) with { ExpiresAt = Start }));
        Assert.Equal(["productId"], Fields(book with { IsGoods = false }, new MoveStock(StockWorld.Id(103)) { ToPlaceId = shed, Quantity = 1 }));
    }

    [Fact]
    public void PieceWithANumber_ThatComesBack_IsFreeToLeaveAgain()
    {
        var (shed, van, visit) = (StockWorld.Id(1), StockWorld.Id(3), StockWorld.Id(11));
        var book = After(
            StockWorld.Book,
            new MoveStock(StockWorld.Id(101)) { ToPlaceId = van, Quantity = 1, SerialNumber = "SN-1" },
            new MoveStock(StockWorld.Id(102)) { FromPlaceId = van, Quantity = 1, SerialNumber = "SN-1", VisitId = visit },
            new MoveStock(StockWorld.Id(103)) { ToPlaceId = van, Quantity = 1, SerialNumber = "SN-1", VisitId = visit },
            new MoveStock(StockWorld.Id(104)) { FromPlaceId = van, ToPlaceId = shed, Quantity = 1, SerialNumber = "SN-1" });

        Assert.Equal((shed, (Guid?)null), (book.Serials["SN-1"].PlaceId!.Value, book.Serials["SN-1"].VisitId));
        Assert.Equal((0, 1), (book.At(van).OnHand, book.At(shed).Serials));
    }

    /// <summary>One piece stays one: what left by its number comes back neither without it, nor from outside while it hangs on a wall.</summary>
    [Fact]
    public void PieceThatIsOutWithAVisit_ComesBackByItAndByItsNumber_OrOnceItsChargerWasTakenDown()
    {
        var (shed, van, visit, other) = (StockWorld.Id(1), StockWorld.Id(3), StockWorld.Id(11), StockWorld.Id(12));
        var book = After(
            StockWorld.Book,
            new MoveStock(StockWorld.Id(101)) { ToPlaceId = van, Quantity = 1, SerialNumber = "SN-1" },
            new MoveStock(StockWorld.Id(102)) { FromPlaceId = van, Quantity = 1, SerialNumber = "SN-1", VisitId = visit });
        var back = new MoveStock(StockWorld.Id(103)) { ToPlaceId = shed, Quantity = 1 };

        Assert.Equal(("never_left", 0L), Refused(book, back with { VisitId = visit }, "left"));
        Assert.Equal("never_left", Refused(book, back with { VisitId = other, SerialNumber = "SN-1" }));
        Assert.Equal("serial_out", Refused(book, back with { SerialNumber = "SN-1" }));
        Assert.Equal("serial_installed", Refused(With(new(StockWorld.Product, visit, Hangs: true)), back with { SerialNumber = "SN-1" }));
        // Taken down after another visit hung it: the word of this one's charger is still to come.
        Assert.Equal("serial_out", Refused(With(new(StockWorld.Product, other, Hangs: false)), back with { SerialNumber = "SN-1" }));
        Assert.Equal(1, After(With(new(StockWorld.Product, visit, Hangs: false)), back with { SerialNumber = "SN-1" }).At(shed).Serials);
        Assert.Equal(1, After(With(new(StockWorld.Product, visit, Hangs: true)), back with { SerialNumber = "SN-1", VisitId = visit }).At(shed).Serials);

        StockBook With(KnownCharger charger) => book with { Chargers = book.Chargers.SetItem("SN-1", charger) };
    }

    /// <summary>A number is one piece of its maker's, whichever of the maker's products it is.</summary>
    [Fact]
    public void Number_ThatAnotherProductOfTheMakerHas_NeitherComesInNorLeavesWithAVisit()
    {
        var (shed, van, visit, other) = (StockWorld.Id(1), StockWorld.Id(3), StockWorld.Id(11), StockWorld.Id(98));
        var arrival = new MoveStock(StockWorld.Id(103)) { ToPlaceId = shed, Quantity = 1, SerialNumber = "SN-1" };
        var use = new MoveStock(StockWorld.Id(104)) { FromPlaceId = van, Quantity = 1, SerialNumber = "SN-1", VisitId = visit };
        var anonymous = After(StockWorld.Book, new MoveStock(StockWorld.Id(101)) { ToPlaceId = van, Quantity = 3 });
        var foreign = anonymous with { Foreign = anonymous.Foreign.SetItem("SN-1", other) };

        Assert.Equal("serial_in_stock", Refused(foreign, arrival));
        Assert.Equal("serial_in_stock", Refused(foreign, use));
        Assert.Equal("serial_in_stock", Refused(foreign, use with { ToPlaceId = shed, VisitId = null }));
        Assert.Equal("serial_installed", Refused(With(new(other, null, Hangs: false)), arrival));
        Assert.Equal("serial_installed", Refused(With(new(other, visit, Hangs: true)), use));
        // Of this product, but on a wall: it is not this piece.
        Assert.Equal("serial_installed", Refused(With(new(StockWorld.Product, StockWorld.Id(12), Hangs: true)), use));
        Assert.Equal(2, After(With(new(null, visit, Hangs: true)), use).At(van).OnHand);
        // Two from before: one of them can be written off.
        Assert.Equal(2, After(foreign, use with { VisitId = null }).At(van).OnHand);

        StockBook With(KnownCharger charger) => anonymous with { Chargers = anonymous.Chargers.SetItem("SN-1", charger) };
    }

    [Theory]
    [InlineData(VisitStatus.Draft, false)]
    [InlineData(VisitStatus.Scheduled, false)]
    [InlineData(VisitStatus.EnRoute, false)]
    [InlineData(VisitStatus.OnSite, true)]
    [InlineData(VisitStatus.Paused, true)]
    [InlineData(VisitStatus.Completed, false)]
    [InlineData(VisitStatus.Cancelled, false)]
    public void Visit_ThatIsNotThere_UsesNoPartsAndGivesThemBackAllTheSame(VisitStatus status, bool isUsed)
    {
        var (van, visit) = (StockWorld.Id(3), StockWorld.Id(11));
        var book = After(
            StockWorld.Book,
            new MoveStock(StockWorld.Id(101)) { ToPlaceId = van, Quantity = 3 },
            new MoveStock(StockWorld.Id(102)) { FromPlaceId = van, Quantity = 2, VisitId = visit });
        book = book with { Visits = book.Visits.SetItem(visit, book.Visits[visit] with { Status = status }) };
        var use = new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, Quantity = 1, VisitId = visit };

        Assert.Equal(isUsed ? null : "visit_not_there", (StockDecider.Decide(book, use, null, Start).Error as Conflict)?.Code);
        Assert.Equal(3, After(book, new MoveStock(StockWorld.Id(104)) { ToPlaceId = van, Quantity = 2, VisitId = visit }).At(van).OnHand);
    }

    [Fact]
    public void Need_OfMoreThanThereIs_KeepsWhatThereIsAndTheRestAsItComesIn()
    {
        var (shed, line, order) = (StockWorld.Id(1), StockWorld.Id(31), StockWorld.Id(21));
        var book = After(StockWorld.Book, new MoveStock(StockWorld.Id(101)) { ToPlaceId = shed, Quantity = 2 }, new NeedStock(StockWorld.Product, line, order, 5, 2));
        Assert.Equal((2, 3), (Need(book).Held, Need(book).Lacks));

        // An older word, and the same one again, change nothing.
        book = After(book, new NeedStock(StockWorld.Product, line, order, 9, 1), new NeedStock(StockWorld.Product, line, order, 5, 2));
        Assert.Equal(5, Need(book).Wanted);

        book = After(book, new MoveStock(StockWorld.Id(102)) { ToPlaceId = shed, Quantity = 10 });
        Assert.Equal((5, 0, 7), (Need(book).Held, Need(book).Lacks, book.At(shed).Available));

        // Cancelled: all of it is let go, once, whatever comes later.
        book = After(book, new NeedStock(StockWorld.Product, line, order, 0, 3), new NeedStock(StockWorld.Product, line, order, 4, 2), new ReleaseOwned(order));
        Assert.Equal((ReservationState.Released, 12), (Need(book).State, book.At(shed).Available));

        StockReservation Need(StockBook now) => now.Reservations[StockDecider.NeedId(StockWorld.Product, line)];
    }

    [Fact]
    public void PartsUsedOnAVisit_TakeWhatIsKeptForItsOrderFirstAndLetGoWhatIsKeptElsewhere()
    {
        var (shed, van, line, order, visit) = (StockWorld.Id(1), StockWorld.Id(3), StockWorld.Id(31), StockWorld.Id(21), StockWorld.Id(11));
        var book = After(
            StockWorld.Book,
            new MoveStock(StockWorld.Id(101)) { ToPlaceId = shed, Quantity = 3 },
            new MoveStock(StockWorld.Id(102)) { ToPlaceId = van, Quantity = 2 },
            new NeedStock(StockWorld.Product, line, order, 3, 1),
            new MoveStock(StockWorld.Id(103)) { FromPlaceId = van, Quantity = 2, VisitId = visit });

        var need = book.Reservations[StockDecider.NeedId(StockWorld.Product, line)];
        Assert.Equal((2, 1, ReservationState.Held), (need.Used, need.Held, need.State));
        Assert.Equal((2, 0), (book.At(shed).Available, book.At(van).OnHand));
    }

    [Fact]
    public void Reservation_LetGoTwiceInAnyOrder_IsLetGoOnce()
    {
        var shed = StockWorld.Id(1);
        var kept = After(StockWorld.Book, new MoveStock(StockWorld.Id(101)) { ToPlaceId = shed, Quantity = 4 }, Reserve(shed, 3) with { ExpiresAt = Start.AddMinutes(1) });
        StockCommand[] ways = [new ReleaseReservation(StockWorld.Id(200)), new ExpireReservation(StockWorld.Product, StockWorld.Id(200)), new ReleaseOwned(StockWorld.Id(21))];

        foreach (var order in from a in ways from b in ways from c in ways select new[] { a, b, c })
        {
            var book = order.Aggregate(kept, (now, command) => StockDecider.Decide(now, command, null, Start.AddMinutes(2)).Value!.After);

            Assert.Equal((0, 4), (book.At(shed).Reserved, book.At(shed).Available));
        }
    }

    private static ReserveStock Reserve(Guid place, int quantity) => new(StockWorld.Id(200))
    {
        PlaceId = place, Quantity = quantity, OwnerType = ReservationOwner.Order, OwnerId = StockWorld.Id(21), OrderId = StockWorld.Id(21),
    };

    private static StockBook After(StockBook book, params StockCommand[] commands) => commands.Aggregate(book, (now, command) =>
    {
        var decided = StockDecider.Decide(now, command, null, Start);
        return decided.Succeeded ? decided.Value.After : throw new Xunit.Sdk.XunitException($"{command}: {decided.Error.Detail}");
    });

    private static string Refused(StockBook book, StockCommand command) => Assert.IsType<Conflict>(StockDecider.Decide(book, command, null, Start).Error).Code;

    private static (string, long) Refused(StockBook book, StockCommand command, string figure)
    {
        var refusal = Assert.IsType<Conflict>(StockDecider.Decide(book, command, null, Start).Error);
        return (refusal.Code, refusal.Figures![figure]);
    }

    // By the ledger alone: what left without numbers comes back so and no more of it, and each number goes in and out by turns, out with a visit and back by it.
    private static void AssertNoPieceIsTwo(StockBook book, StockCommand after)
    {
        var ledger = book.Movements.Values.OrderBy(move => move.CreatedAt).ToList();
        foreach (var (visit, status) in StockWorld.Visits.Select(visit => (visit.Id, visit.Status)))
        {
            var moved = ledger.Where(move => move.VisitId == visit && move.SerialNumber is null && (move.FromPlaceId is null || move.ToPlaceId is null));
            var left = moved.Sum(move => move.FromPlaceId is null ? -move.Quantity : move.Quantity);
            Assert.True(left >= 0 && left == book.Visits[visit].Unnumbered, $"{after}: {left} pieces without numbers are out with {book.Visits[visit]}");
            Assert.True(status != VisitStatus.Draft || !ledger.Any(move => move.VisitId == visit && move.ToPlaceId is null), $"{after}: a draft used parts");
        }

        foreach (var moves in ledger.Where(move => move.SerialNumber is not null).GroupBy(move => move.SerialNumber))
        {
            var (place, visit) = ((Guid?)null, (Guid?)null);
            foreach (var move in moves)
            {
                // A piece may get its number while it leaves, or moves.
                Assert.True(place == move.FromPlaceId || (place is null && visit is null), $"{after}: {moves.Key} was at {place} and not at {move.FromPlaceId}");
                Assert.True(move.FromPlaceId is not null || visit == move.VisitId, $"{after}: {moves.Key} was out with {visit} and came back by {move.VisitId}");
                (place, visit) = (move.ToPlaceId, move.ToPlaceId is null ? move.VisitId : null);
            }
        }
    }

    private static string[] Fields(StockBook book, StockCommand command) => [.. Assert.IsType<Invalid>(StockDecider.Decide(book, command, null, Start).Error).Fields.Keys];

    private static void AssertAgrees(StockBook book, StockCommand after)
    {
        foreach (var place in StockWorld.Places)
        {
            var balance = book.At(place.Id);
            var ledger = book.Movements.Values.Sum(move => (move.ToPlaceId == place.Id ? move.Quantity : 0) - (move.FromPlaceId == place.Id ? move.Quantity : 0));
            var held = book.Reservations.Values.Where(one => one.PlaceId == place.Id).Sum(one => one.Held);
            var numbered = book.Serials.Values.Count(piece => piece.PlaceId == place.Id);
            Assert.True((ledger, held, numbered) == (balance.OnHand, balance.Reserved, balance.Serials), $"{after}: {(ledger, held, numbered)} at {place.Name} against {balance}");
            Assert.True(balance is { OnHand: >= 0, Reserved: >= 0, Available: >= 0 } && balance.Serials <= balance.OnHand, $"{after}: {balance}");
        }

        Assert.All(book.Visits.Values, visit => Assert.True(visit.Unnumbered >= 0, $"{after}: {visit}"));
        Assert.All(book.Reservations.Values, one => Assert.True(one.Used >= 0 && one.Lacks >= 0 && (one.Wanted is null || one.Held <= one.Wanted - one.Used), $"{after}: {one}"));
    }
}
