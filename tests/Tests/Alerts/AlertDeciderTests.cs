using ChargeCars.Alerts;
using ChargeCars.Platform.Entities;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Alerts;

public sealed class AlertDeciderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Visit = Guid.Parse("00000000-0000-0000-0000-0000000000e1");
    private static readonly Guid Id = Alert.IdOf(AlertType.VisitLate, Visit);

    [Fact]
    public void Fact_ThatIsToldTwice_IsRaisedOnce_AndUpdatedWhereItHasMoved()
    {
        var raised = Decide(null, Raise(20), Noon);

        Assert.Equal(("raised", AlertStatus.Open, 1, Noon), (Assert.Single(raised.Announced).Name, raised.After!.Status, raised.After.Occurrence, raised.After.RaisedAt));
        Assert.Same(raised.After, Decide(raised.After, Raise(23), Noon.AddMinutes(3)).After);
        var later = Decide(raised.After, Raise(26), Noon.AddMinutes(6));
        Assert.Equal(("updated", 26, Noon, 1), (Assert.Single(later.Announced).Name, later.After!.Detail.LateMinutes, later.After.RaisedAt, later.After.Occurrence));
    }

    [Fact]
    public void Done_OfAFactThatLasts_StaysDone_AndWhatHasHappenedSinceIsRaisedAnew()
    {
        var fact = new AlertFact(AlertType.CallMissed, "call_back", Visit, AlertSeverity.High) { FactAt = Noon };
        var id = fact.AlertId;
        var raised = AlertDecider.Decide(id, null, new RaiseAlert(fact), Noon).Value!.After!;
        var done = AlertDecider.Decide(id, raised, Act(AlertAction.Done), Noon.AddMinutes(1)).Value!.After!;

        Assert.Equal((AlertStatus.Done, "An", Noon.AddMinutes(1)), (done.Status, done.Done!.By, done.Done.At));
        Assert.Same(done, AlertDecider.Decide(id, done, new RaiseAlert(fact), Noon.AddMinutes(2)).Value!.After);
        var again = AlertDecider.Decide(id, done, new RaiseAlert(fact with { FactAt = Noon.AddMinutes(3) }), Noon.AddMinutes(3)).Value!;
        Assert.Equal(("raised", AlertStatus.Open, 2), (Assert.Single(again.Announced).Name, again.After!.Status, again.After.Occurrence));
        Assert.Null(again.After.Done);
    }

    [Fact]
    public void Snooze_ComesBackAtItsTime_AsUnread()
    {
        var raised = Decide(null, Raise(20), Noon).After!;
        var snoozed = Decide(raised, Act(AlertAction.Snooze) with { Until = Noon.AddMinutes(15) }, Noon);
        var due = Assert.Single(snoozed.Then);

        Assert.Equal((Noon.AddMinutes(15), Id), (due.At, due.TargetId));
        Assert.Same(snoozed.After, Decide(snoozed.After, new WakeAlert(), Noon.AddMinutes(14)).After);
        var woke = Decide(snoozed.After, new WakeAlert(), Noon.AddMinutes(15));
        Assert.Equal((AlertStatus.Open, 2, "woke"), (woke.After!.Status, woke.After.Occurrence, Assert.Single(woke.Announced).Name));
    }

    [Theory]
    [InlineData(null, "is required")]
    [InlineData(0, "must be in the future")]
    [InlineData(-5, "must be in the future")]
    [InlineData(7 * 24 * 60 + 1, "must be within 7 days")]
    public void Snooze_UntilWhatIsNoTimeForIt_IsRefused(int? minutes, string fault)
    {
        var raised = Decide(null, Raise(20), Noon).After!;

        var refused = AlertDecider.Decide(Id, raised, Act(AlertAction.Snooze) with { Until = minutes is { } some ? Noon.AddMinutes(some) : null }, Noon);

        Assert.Equal([fault], Assert.IsType<Invalid>(refused.Error).Fields["until"]);
    }

    [Fact]
    public void Actions_OnWhatHasEnded_AreRefusedWithWhatIsAllowed()
    {
        var ended = Decide(Decide(null, Raise(20), Noon).After, new EndAlert(), Noon.AddMinutes(1)).After!;

        foreach (var action in Enum.GetValues<AlertAction>())
        {
            var refused = Assert.IsType<TransitionRefused>(AlertDecider.Decide(Id, ended, Act(action) with { Until = Noon.AddHours(1) }, Noon.AddMinutes(2)).Error);
            Assert.Equal(("ended", 0), (refused.From, refused.Allowed.Count));
        }

        Assert.IsType<NotFound>(AlertDecider.Decide(Id, null, Act(AlertAction.Done), Noon).Error);
        Assert.IsType<Invalid>(AlertDecider.Decide(Guid.NewGuid(), null, Raise(20), Noon).Error);
    }

    /// <summary>Whatever facts and people do, in whatever order.</summary>
    [Property(MaxTest = 500)]
    public void AnyCommands_KeepWhatMustHold(byte[] commands)
    {
        Alert? alert = null;
        var (now, waking) = (Noon, new HashSet<string>());
        foreach (var (what, i) in (commands ?? []).Select((command, i) => (command, i)))
        {
            now = Noon.AddMinutes(i * 7);
            AlertCommand command = (what % 8) switch
            {
                0 => Raise(16 + what),
                1 => new RaiseAlert(Fact(20) with { FactAt = now }),
                2 => new EndAlert(),
                3 => new WakeAlert(),
                4 => Act(AlertAction.Done),
                5 => Act(AlertAction.Snooze) with { Until = now.AddMinutes(1 + (what / 8)) },
                6 => Act(AlertAction.Assign) with { AssignToContactId = what < 128 ? Visit : null },
                _ => Act(AlertAction.Reopen),
            };
            var before = alert;
            var decided = AlertDecider.Decide(Id, before, command, now);
            if (!decided.Succeeded)
            {
                // Facts are never refused where there is something to end or to raise.
                Assert.True(command is ActOnAlert || before is null);
                continue;
            }

            alert = decided.Value.After!;
            waking.ExceptWith(decided.Value.Withdrawn);
            waking.UnionWith(decided.Value.Then.Select(due => due.Key!));
            Assert.Equal(alert.Status == AlertStatus.Snoozed, alert.SnoozedUntil is not null);
            Assert.Equal(alert.Status == AlertStatus.Ended, alert.EndedAt is not null);
            Assert.Equal(alert.Status == AlertStatus.Done, alert.Status != AlertStatus.Ended && alert.Done is not null);
            Assert.True(alert.Status != AlertStatus.Snoozed || waking.Count == 1, "what is put away is woken");
            Assert.True(alert.Occurrence >= (before?.Occurrence ?? 0));
            // Only what comes to the fore counts as new, and whatever does.
            var isNew = decided.Value.Announced.Any(announced => announced.Name is "raised" or "woke");
            Assert.Equal(isNew, alert.Occurrence > (before?.Occurrence ?? 0));
            Assert.True(!isNew || alert.Status == AlertStatus.Open);
            Assert.True(command is not EndAlert || alert.Status == AlertStatus.Ended);
            Assert.True(command is not RaiseAlert || alert.Status != AlertStatus.Ended);
        }
    }

    private static Outcome<Alert> Decide(Alert? alert, AlertCommand command, DateTimeOffset now) => AlertDecider.Decide(Id, alert, command, now).Value!;

    private static ActOnAlert Act(AlertAction action) => new(action, "An", null);

    private static RaiseAlert Raise(int late) => new(Fact(late));

    private static AlertFact Fact(int late) => new(AlertType.VisitLate, "visit", Visit, AlertSeverity.High) { Detail = new() { LateMinutes = late } };
}
