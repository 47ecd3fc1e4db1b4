using System.Globalization;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform;

namespace ChargeCars.Silo.Demo;

/// <summary>A step of a visit, and when it is taken.</summary>
internal sealed record DemoStep(VisitAction Action, DateTimeOffset At);

/// <summary>What a stop of a van is for, its plan and how it ends. It follows from the van, the date and the stop's place in the day.</summary>
internal sealed class DemoJob : DemoRequest
{
    private static readonly TimeSpan Grid = TimeSpan.FromMinutes(5);

    private readonly Stop _stop;
    private readonly TimeSpan _ahead;

    private DemoJob(Van van, DateOnly date, int index, Stop stop, TimeSpan ahead, DateTimeOffset free)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"{van.DeviceId}/{date:yyyy-MM-dd}/{index}"), van.Dice.For(date.DayNumber).For(5_000 + index),
            stop.Town, stop.Way.At(stop.Way.ArrivesAt).Place)
    {
        (_stop, _ahead) = (stop, ahead);
        // A planner guesses: most vans come some minutes early or late, a few a quarter of an hour.
        var start = Down(Max(free, ArrivesAt.AddMinutes(Dice.Around(6) * 7)));
        start = start < free ? start + Grid : start;
        var end = Down(Max(start + (3 * Grid), LeavesAt));
        // No visit is planned over midnight; nor would the customer be up.
        var midnight = WallClock.StartOf(WallClock.DateOf(end));
        (PlannedStart, PlannedEnd) = start >= midnight || end == midnight ? (start, end)
            : midnight - start >= end - midnight ? (start, midnight)
            : (midnight, end);
    }

    public DateTimeOffset PlannedStart { get; }

    public DateTimeOffset PlannedEnd { get; }

    /// <summary>From when the customer was promised it: an hour around its beginning, on the same day.</summary>
    public DateTimeOffset WindowStart => Max(PlannedStart.AddHours(-1), WallClock.StartOf(WallClock.DateOf(PlannedStart)));

    /// <summary>Until when.</summary>
    public DateTimeOffset WindowEnd => Min(PlannedStart.AddHours(1), WallClock.StartOf(WallClock.DateOf(PlannedStart).AddDays(1)));

    public DateTimeOffset DepartsAt => _stop.Way.DepartsAt - _ahead;

    public DateTimeOffset ArrivesAt => _stop.Way.ArrivesAt - _ahead;

    public DateTimeOffset LeavesAt => _stop.LeavesAt - _ahead;

    /// <summary>What the visit goes through, in order: one in twenty-five finds nobody, one in twenty is not finished.</summary>
    public IReadOnlyList<DemoStep> Steps => Dice.Throw(11) switch
    {
        < 0.04 => [new(VisitAction.Depart, DepartsAt), new(VisitAction.Arrive, ArrivesAt), new(VisitAction.NoShow, ArrivesAt.AddMinutes(7))],
        < 0.09 => [.. Working, new(VisitAction.Fail, LeavesAt.AddMinutes(-1))],
        _ => [.. Working, new(VisitAction.Complete, LeavesAt.AddMinutes(-1))],
    };

    /// <summary>Whether the customer finds fault with the work: one installation in eight.</summary>
    public bool IsRejected => VisitType == VisitType.Install && Dice.Throw(12) < 0.125;

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
