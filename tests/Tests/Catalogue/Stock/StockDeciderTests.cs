using ChargeCars.Catalogue.Stock;
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

        Assert.All(book.Visits.Values, visit => Assert.True(visit.Out >= 0, $"{after}: {visit}"));
        Assert.All(book.Reservations.Values, one => Assert.True(one.Used >= 0 && one.Lacks >= 0 && (one.Wanted is null || one.Held <= one.Wanted - one.Used), $"{after}: {one}"));
    }
}
