using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Alerts;

/// <summary>What becomes of an alert: pure. Times are UTC.</summary>
internal static class AlertDecider
{
    /// <summary>Nobody puts an alert away for longer.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(7);

    /// <summary>A lateness that changes by less is not told again, minutes.</summary>
    private const int LateStep = 5;

    /// <summary>A speed that changes by less is not told again, km/h.</summary>
    private const double SpeedStep = 5;

    /// <summary>What a command does, or why it is refused.</summary>
    public static Result<Outcome<Alert>> Decide(Guid id, Alert? state, AlertCommand command, DateTimeOffset now) => (state, command) switch
    {
        (_, RaiseAlert { Fact: { } fact }) when fact.AlertId != id => Invalid.Field("fact", $"must be that of the alert {id}"),
        (null, RaiseAlert raise) => Raised(Told(new() { Id = id, CreatedAt = now }, raise.Fact), now),
        ({ Status: AlertStatus.Ended } ended, RaiseAlert raise) => Raised(Told(ended, raise.Fact), now),
        // Somebody has seen to what was; this has happened since.
        ({ Status: AlertStatus.Done } done, RaiseAlert raise) when IsLater(done, raise.Fact) => Raised(Told(done, raise.Fact), now),
        ({ } known, RaiseAlert raise) => IsNews(known, raise.Fact) ? Outcome.Of(Told(known, raise.Fact), "updated") : Outcome.Unchanged(known),
        (null, _) => new NotFound(AlertKind.Rows.Table, id.ToString()),
        ({ Status: AlertStatus.Ended } ended, EndAlert) => Outcome.Unchanged(ended),
        ({ } known, EndAlert) => Awake(known, known with { Status = AlertStatus.Ended, EndedAt = now, SnoozedUntil = null }, "ended"),
        ({ Status: AlertStatus.Snoozed, SnoozedUntil: { } until } snoozed, WakeAlert) when until <= now =>
            Awake(snoozed, snoozed with { Status = AlertStatus.Open, SnoozedUntil = null, Occurrence = snoozed.Occurrence + 1 }, "woke"),
        ({ } known, WakeAlert) => Outcome.Unchanged(known),
        ({ Label: null } known, EraseAlert) => Outcome.Unchanged(known),
        ({ } known, EraseAlert) => Outcome.Of(known with { Label = null }, "updated"),
        ({ Status: AlertStatus.Ended }, ForgetAlert) => new Outcome<Alert>(null) { Announced = [new("deleted")] },
        // Raised again in the meantime.
        ({ } known, ForgetAlert) => Outcome.Unchanged(known),
        ({ } known, ActOnAlert act) => Act(known, act, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about an alert."),
    };

    /// <summary>Whether a fact says something that its alert does not say yet; small steps are none, or a clock would write rows.</summary>
    public static bool IsNews(Alert known, AlertFact fact) =>
        known.Status == AlertStatus.Ended
        || IsLater(known, fact)
        || known.Severity != fact.Severity || known.VehicleId != fact.VehicleId
        || Math.Abs((known.Detail.LateMinutes ?? 0) - (fact.Detail.LateMinutes ?? 0)) >= LateStep
        || Math.Abs((known.Detail.SpeedKmh ?? 0) - (fact.Detail.SpeedKmh ?? 0)) >= SpeedStep
        || known.Detail.Count != fact.Detail.Count || known.Detail.DueAt != fact.Detail.DueAt || known.Detail.EntityStatus != fact.Detail.EntityStatus;

    private static bool IsLater(Alert known, AlertFact fact) => fact.FactAt is { } at && !(known.FactAt >= at);

    private static Outcome<Alert> Raised(Alert alert, DateTimeOffset now) => Outcome.Of(
        alert with
        {
            Status = AlertStatus.Open, RaisedAt = now, Occurrence = alert.Occurrence + 1, EndedAt = null, SnoozedUntil = null, Snoozed = null,
            Done = null, AssignedToContactId = null, Assigned = null,
        },
        "raised");

    private static Alert Told(Alert alert, AlertFact fact) => alert with
    {
        AlertType = fact.AlertType, EntityType = fact.EntityType, EntityId = fact.EntityId, Label = fact.Label ?? alert.Label,
        BusinessEntity = fact.BusinessEntity, VehicleId = fact.VehicleId, VisitId = fact.VisitId, OrderId = fact.OrderId, Severity = fact.Severity,
        FactAt = fact.FactAt ?? alert.FactAt, Detail = fact.Detail,
    };

    private static Result<Outcome<Alert>> Act(Alert alert, ActOnAlert act, DateTimeOffset now)
    {
        if (act.Action == AlertAction.Snooze && Fault(act.Until, now) is { } fault)
        {
            return fault;
        }

        return AlertTransitions.Table.Decide(alert, act.Action).Map(to =>
        {
            var (moved, by) = (alert with { Status = to }, new AlertAct(act.By, act.ContactId, now));
            return act.Action switch
            {
                AlertAction.Done => Awake(alert, moved with { Done = by, SnoozedUntil = null }, "done"),
                AlertAction.Snooze => new Outcome<Alert>(moved with { Snoozed = by, SnoozedUntil = act.Until })
                {
                    Announced = [new("snoozed")], Then = [new(alert.Id, new WakeAlert()) { At = act.Until, Key = WakeKey(alert) }],
                },
                AlertAction.Assign when alert.AssignedToContactId == act.AssignToContactId => Outcome.Unchanged(alert),
                AlertAction.Assign => Outcome.Of(moved with { AssignedToContactId = act.AssignToContactId, Assigned = by }, "assigned"),
                AlertAction.Reopen => Awake(alert, moved with { Done = null, Snoozed = null, SnoozedUntil = null }, "reopened"),
                _ => throw new ArgumentOutOfRangeException(nameof(act), act.Action, "Not an action of an alert."),
            };
        });
    }

    private static Invalid? Fault(DateTimeOffset? until, DateTimeOffset now) => new FieldFaults()
        .Required("until", until)
        .Rule("until", until <= now, "must be in the future")
        .Rule("until", until > now + LongestSnooze, $"must be within {LongestSnooze.Days} days").Invalid;

    // Whatever it becomes, nothing wakes it any more.
    private static Outcome<Alert> Awake(Alert before, Alert after, string name) =>
        Outcome.Of(after, name) with { Withdrawn = before.SnoozedUntil is null ? [] : [WakeKey(before)] };

    private static string WakeKey(Alert alert) => $"alert-wake:{alert.Id}";
}
