using System.Globalization;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform;

namespace ChargeCars.Silo.Demo;

/// <summary>A step of a visit, and when it is taken.</summary>
internal sealed record DemoStep(VisitAction Action, DateTimeOffset At);

/// <summary>
/// What a stop of a van is for: customer, order, plan and how it ends. All of it follows from the van, the date and the stop's place
/// in the day, so that every start has the same.
/// </summary>
internal sealed class DemoJob
{
    private static readonly string[] Streets =
    [
        "Dorpsstraat", "Kerkstraat", "Molenweg", "Schoolstraat", "Stationsweg", "Julianalaan", "Beatrixstraat", "Industrieweg", "Parallelweg", "Hoofdstraat",
        "Wilgenlaan", "Eikenlaan", "Zuidsingel", "Havenkade", "Koningsplein", "Tulpstraat", "Ambachtsweg", "Singel", "Oranjestraat", "Lindelaan",
    ];

    private static readonly string[] Firms = ["Autobedrijf", "Bouwbedrijf", "Garage", "Hotel", "Makelaardij", "Tandartspraktijk", "Transport", "Vastgoed"];

    // Without the letters and pairs that postcodes leave out.
    private const string PostalLetters = "ABCDEGHJKLMNPRTVWXZ";

    private static readonly TimeSpan Grid = TimeSpan.FromMinutes(5);

    private readonly Stop _stop;
    private readonly TimeSpan _ahead;
    private readonly Dice _dice;

    private DemoJob(Van van, DateOnly date, int index, Stop stop, TimeSpan ahead, DateTimeOffset free)
    {
        (_stop, _ahead, _dice) = (stop, ahead, van.Dice.For(date.DayNumber).For(5_000 + index));
        Key = string.Create(CultureInfo.InvariantCulture, $"{van.DeviceId}/{date:yyyy-MM-dd}/{index}");
        Contact = DemoPerson.Of(_dice.For(1));
        IsFirm = _dice.Throw(2) < 0.3;
        Customer = IsFirm ? $"{Firms[_dice.Pick(3, Firms.Length)]} {Contact.LastName}" : Contact.Name;
        OrderType = _dice.Throw(4) switch { < 0.5 => OrderType.Installation, < 0.75 => OrderType.Service, < 0.9 => OrderType.Upgrade, _ => OrderType.Removal };
        VisitType = OrderType switch { OrderType.Service => VisitType.Service, OrderType.Removal => VisitType.Removal, OrderType.Upgrade => VisitType.Service, _ => VisitType.Survey };
        Priority = _dice.Throw(5) switch { < 0.05 => PriorityLevel.Urgent, < 0.2 => PriorityLevel.High, < 0.9 => PriorityLevel.Normal, _ => PriorityLevel.Low };
        // A planner guesses: most vans come some minutes early or late, a few a quarter of an hour.
        var start = Down(Max(free, ArrivesAt.AddMinutes(_dice.Around(6) * 7)));
        start = start < free ? start + Grid : start;
        var end = Down(Max(start + (3 * Grid), LeavesAt));
        // No visit is planned over midnight; nor would the customer be up.
        var midnight = WallClock.StartOf(WallClock.DateOf(end));
        (PlannedStart, PlannedEnd) = start >= midnight || end == midnight ? (start, end)
            : midnight - start >= end - midnight ? (start, midnight)
            : (midnight, end);
    }

    /// <summary>By which all that belongs to it is found again.</summary>
    public string Key { get; }

    public DemoPerson Contact { get; }

    /// <summary>Whether the customer is a business.</summary>
    public bool IsFirm { get; }

    /// <summary>The customer's name.</summary>
    public string Customer { get; }

    public OrderType OrderType { get; }

    public VisitType VisitType { get; }

    public PriorityLevel Priority { get; }

    public DateTimeOffset PlannedStart { get; }

    public DateTimeOffset PlannedEnd { get; }

    /// <summary>From when the customer was promised it: an hour around its beginning, on the same day.</summary>
    public DateTimeOffset WindowStart => Max(PlannedStart.AddHours(-1), WallClock.StartOf(WallClock.DateOf(PlannedStart)));

    /// <summary>Until when.</summary>
    public DateTimeOffset WindowEnd => Min(PlannedStart.AddHours(1), WallClock.StartOf(WallClock.DateOf(PlannedStart).AddDays(1)));

    public Town Town => _stop.Town;

    /// <summary>Where the van stands, at the door.</summary>
    public Place Place => _stop.Way.At(_stop.Way.ArrivesAt).Place;

    public string Street => Streets[_dice.Pick(7, Streets.Length)];

    public string HouseNumber => (1 + _dice.Pick(8, 180)).ToString(CultureInfo.InvariantCulture);

    public string Postcode => $"{Town.PostalDigits}{PostalLetters[_dice.Pick(9, PostalLetters.Length)]}{PostalLetters[_dice.Pick(10, PostalLetters.Length)]}";

    public DateTimeOffset DepartsAt => _stop.Way.DepartsAt - _ahead;

    public DateTimeOffset ArrivesAt => _stop.Way.ArrivesAt - _ahead;

    public DateTimeOffset LeavesAt => _stop.LeavesAt - _ahead;

    /// <summary>What the visit goes through, in order: one in twenty-five finds nobody, one in twenty is not finished.</summary>
    public IReadOnlyList<DemoStep> Steps => _dice.Throw(11) switch
    {
        < 0.04 => [new(VisitAction.Depart, DepartsAt), new(VisitAction.Arrive, ArrivesAt), new(VisitAction.NoShow, ArrivesAt.AddMinutes(7))],
        < 0.09 => [.. Working, new(VisitAction.Fail, LeavesAt.AddMinutes(-1))],
        _ => [.. Working, new(VisitAction.Complete, LeavesAt.AddMinutes(-1))],
    };

    private DemoStep[] Working => [new(VisitAction.Depart, DepartsAt), new(VisitAction.Arrive, ArrivesAt), new(VisitAction.Start, ArrivesAt.AddMinutes(2))];

    /// <summary>How many of <see cref="Steps"/> a visit in this status has behind it; null for one that left its way.</summary>
    public int? StepsTo(VisitStatus status) => status switch
    {
        VisitStatus.Scheduled or VisitStatus.Confirmed => 0,
        VisitStatus.EnRoute => 1,
        VisitStatus.OnSite => 2,
        VisitStatus.InProgress => 3,
        VisitStatus.Completed or VisitStatus.Incomplete or VisitStatus.NoShow => Steps.Count,
        _ => null,
    };

    /// <summary>A day's jobs; planned one after the other, as the van can be in one place only.</summary>
    public static IReadOnlyList<DemoJob> Of(Van van, DateOnly date, VanDay day, TimeSpan ahead)
    {
        var jobs = new List<DemoJob>();
        foreach (var (index, stop) in day.Stops.Index())
        {
            jobs.Add(new(van, date, index, stop, ahead, jobs.Count == 0 ? DateTimeOffset.MinValue : jobs[^1].PlannedEnd));
        }

        return jobs;
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Down(DateTimeOffset time) => time.AddTicks(-(time.Ticks % Grid.Ticks));
}
