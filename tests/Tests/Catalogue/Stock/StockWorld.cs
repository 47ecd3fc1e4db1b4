using System.Collections.Immutable;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Orders.Visits;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>A small world for random commands: two warehouses, two vans, two visits and one that is not made yet, a few lines and numbers, and many repetitions.</summary>
internal sealed class StockWorld(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<StockCommand> _sent = [];
    private readonly List<Guid> _reservations = [];
    private long _orderVersion;

    public static KnownPlace[] Places { get; } =
    [
        Place(1, PlaceType.Warehouse), Place(2, PlaceType.Warehouse), Place(3, PlaceType.Vehicle), Place(4, PlaceType.Vehicle),
    ];

    public static KnownVisit[] Visits { get; } =
    [
        new(Id(11), Id(21), VisitStatus.OnSite, 0), new(Id(12), Id(22), VisitStatus.InProgress, 0), new(Id(13), Id(22), VisitStatus.Draft, 0),
    ];

    public static Guid Product { get; } = Id(99);

    public static StockBook Book => new(Product)
    {
        IsGoods = true,
        Places = Places.ToImmutableDictionary(place => place.Id),
        Visits = Visits.ToImmutableDictionary(visit => visit.Id),
    };

    public static Guid Id(int n) => new($"0199a000-0000-7000-8000-{n:000000000000}");

    /// <summary>The next command: a new one, or one that was sent before, with its own id.</summary>
    public StockCommand Next(DateTimeOffset now)
    {
        if (_sent.Count > 0 && _random.Next(6) == 0)
        {
            return _sent[_random.Next(_sent.Count)];
        }

        StockCommand command = _random.Next(12) switch
        {
            < 3 => Arrival(),
            3 or 4 => Between(),
            5 or 6 => Use(),
            7 => Return(),
            8 or 9 => Reservation(now),
            10 => _reservations.Count == 0 ? Arrival()
                : _random.Next(2) == 0 ? new ReleaseReservation(AnyReservation()) : new ExpireReservation(Product, AnyReservation()),
            _ => _random.Next(4) == 0
                ? new ReleaseOwned(_random.Next(2) == 0 ? Id(21) : Id(22))
                : new NeedStock(Product, Id(31 + _random.Next(3)), _random.Next(2) == 0 ? Id(21) : Id(22), _random.Next(6), ++_orderVersion - _random.Next(3)),
        };
        _sent.Add(command);
        return command;
    }

    private MoveStock Arrival()
    {
        var number = AnyNumber();
        return new(NewId()) { ToPlaceId = AnyPlace(), Quantity = number is null ? 1 + _random.Next(8) : 1, SerialNumber = number };
    }

    private MoveStock Between()
    {
        var number = AnyNumber();
        return new(NewId())
        {
            FromPlaceId = AnyPlace(), ToPlaceId = AnyPlace(), Quantity = number is null ? 1 + _random.Next(4) : 1, SerialNumber = number,
            ReservationId = _reservations.Count > 0 && _random.Next(4) == 0 ? AnyReservation() : null,
        };
    }

    private MoveStock Use()
    {
        var number = AnyNumber();
        return new(NewId())
        {
            FromPlaceId = AnyPlace(), Quantity = number is null ? 1 + _random.Next(4) : 1, SerialNumber = number, VisitId = _random.Next(4) == 0 ? null : AnyVisit(),
            ReservationId = _reservations.Count > 0 && _random.Next(5) == 0 ? AnyReservation() : null,
        };
    }

    private MoveStock Return()
    {
        var number = AnyNumber();
        return new(NewId()) { ToPlaceId = AnyPlace(), Quantity = number is null ? 1 + _random.Next(3) : 1, VisitId = AnyVisit(), SerialNumber = number };
    }

    private ReserveStock Reservation(DateTimeOffset now)
    {
        var id = NewId();
        _reservations.Add(id);
        var order = _random.Next(2) == 0 ? Id(21) : Id(22);
        return new(id)
        {
            PlaceId = AnyPlace(), Quantity = 1 + _random.Next(5), OwnerType = ReservationOwner.Order, OwnerId = order, OrderId = order,
            ExpiresAt = _random.Next(2) == 0 ? null : now.AddMinutes(1 + _random.Next(20)),
        };
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private Guid AnyPlace() => Places[_random.Next(Places.Length)].Id;

    private Guid AnyVisit() => Visits[_random.Next(Visits.Length)].Id;

    private Guid AnyReservation() => _reservations[_random.Next(_reservations.Count)];

    private string? AnyNumber() => _random.Next(3) == 0 ? $"SN-{_random.Next(6)}" : null;

    private static KnownPlace Place(int n, PlaceType type) => new(Id(n), $"Place {n}", type, true, null, type == PlaceType.Vehicle ? Id(40 + n) : null);
}
