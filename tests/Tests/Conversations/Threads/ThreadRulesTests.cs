using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Orders.Deadlines;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Threads;

public sealed class ThreadRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid An = Guid.NewGuid();
    private static readonly Guid Bo = Guid.NewGuid();

    [Fact]
    public void Decide_EveryStatusAndAction_HasOneAnswer()
    {
        ThreadAction[] actions =
        [
            new AssignThread(An), new SnoozeThread(Now.AddHours(1)), new PendThread(), new ResolveThread(), new ReopenThread(), new ArchiveThread(),
            new MuteThread(true), new WakeThread(), new AutoResolveThread(),
        ];
        var told = from status in Enum.GetValues<ThreadStatus>()
                   from action in actions
                   let decision = ThreadRules.Decide(Thread(status), action, Now)
                   select $"{status} {action.GetType().Name}: {(decision.Succeeded ? $"{decision.Value.Status}" : decision.Error.GetType().Name)}";

        Assert.Equal(
        [
            "Open AssignThread: Open", "Open SnoozeThread: Pending", "Open PendThread: Pending", "Open ResolveThread: Resolved",
            "Open ReopenThread: TransitionRefused", "Open ArchiveThread: Archived", "Open MuteThread: Open", "Open WakeThread: Open",
                "Open AutoResolveThread: Open",
            "Pending AssignThread: Pending", "Pending SnoozeThread: Pending", "Pending PendThread: Pending", "Pending ResolveThread: Resolved",
            "Pending ReopenThread: Open", "Pending ArchiveThread: Archived", "Pending MuteThread: Pending", "Pending WakeThread: Pending",
                "Pending AutoResolveThread: Pending",
            "Resolved AssignThread: Resolved", "Resolved SnoozeThread: TransitionRefused", "Resolved PendThread: TransitionRefused",
                "Resolved ResolveThread: TransitionRefused",
            "Resolved ReopenThread: Open", "Resolved ArchiveThread: Archived", "Resolved MuteThread: Resolved", "Resolved WakeThread: Resolved",
                "Resolved AutoResolveThread: Resolved",
            "Archived AssignThread: Conflict", "Archived SnoozeThread: TransitionRefused", "Archived PendThread: TransitionRefused",
                "Archived ResolveThread: TransitionRefused",
            "Archived ReopenThread: TransitionRefused", "Archived ArchiveThread: TransitionRefused", "Archived MuteThread: Conflict",
                "Archived WakeThread: Archived",
            "Archived AutoResolveThread: Archived",
        ], told);
    }

    [Fact]
    public void Snooze_WakesAtItsTimeOnly()
    {
        var snoozed = ThreadRules.Decide(Thread(ThreadStatus.Open), new SnoozeThread(Now.AddHours(1)), Now).Value!;

        Assert.Equal(snoozed, ThreadRules.Decide(snoozed, new WakeThread(), Now.AddMinutes(59)).Value);
        Assert.Equal((ThreadStatus.Open, (DateTimeOffset?)null), ThreadRules.Decide(snoozed, new WakeThread(), Now.AddHours(1)).Value is { } woken
            ? (woken.Status, woken.SnoozedUntil) : default);
        Assert.Null(ThreadRules.ResolvesAt(snoozed with { LastMessageAt = Now }));
        Assert.IsType<Invalid>(ThreadRules.Decide(snoozed, new SnoozeThread(Now), Now).Error);
        Assert.IsType<Invalid>(ThreadRules.Decide(snoozed, new SnoozeThread(Now.AddDays(400)), Now).Error);
    }

    [Fact]
    public void AutoResolve_OfAThreadThatOnlyWaitsForItsCustomer_IsAfterItsQuietTime()
    {
        var waits = Thread(ThreadStatus.Pending) with { LastMessageAt = Now };

        Assert.Equal(ThreadStatus.Pending, ThreadRules.Decide(waits, new AutoResolveThread(), Now.AddDays(13)).Value!.Status);
        Assert.Equal(ThreadStatus.Resolved, ThreadRules.Decide(waits, new AutoResolveThread(), Now.AddDays(14)).Value!.Status);
        Assert.Null(ThreadRules.ResolvesAt(waits with { WaitingSince = Now }));
        Assert.Null(ThreadRules.ResolvesAt(waits with { Status = ThreadStatus.Open }));
    }

    [Theory]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.Person), false, true)]
    [InlineData(ThreadStatus.Pending, nameof(ArrivalKind.Person), false, true)]
    [InlineData(ThreadStatus.Open, nameof(ArrivalKind.Person), false, false)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.Person), true, false)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.Machine), false, false)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.FailedBounce), true, true)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.HarmlessBounce), false, false)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.Note), false, false)]
    [InlineData(ThreadStatus.Resolved, nameof(ArrivalKind.AutomaticReply), false, false)]
    public void Add_ReopensForPeopleAndLostMessages(ThreadStatus status, string kindName, bool isMuted, bool reopens)
    {
        var kind = Enum.Parse<ArrivalKind>(kindName);
        var arrived = ThreadArrivals.Add(Thread(status) with { IsMuted = isMuted }, new(kind, Now), Now).Value!;

        Assert.Equal((reopens, reopens ? ThreadStatus.Open : status), (arrived.Reopened, arrived.Thread.Status));
        Assert.Equal(kind == ArrivalKind.Person && !(isMuted && status != ThreadStatus.Open) ? Now : null, arrived.Thread.WaitingSince);
    }

    [Fact]
    public void Add_ToAnArchivedThread_IsRefused() =>
        Assert.IsType<Conflict>(ThreadArrivals.Add(Thread(ThreadStatus.Archived), new Arrival(ArrivalKind.Person, Now), Now).Error);

    [Fact]
    public void Add_KeepsTheClockOfTheFirstQuestionUntilAPersonAnswers()
    {
        var thread = Added(
            Thread(ThreadStatus.Open), new Arrival(ArrivalKind.Person, Now), new Arrival(ArrivalKind.Person, Now.AddMinutes(5)),
                new Arrival(ArrivalKind.AutomaticReply, Now.AddMinutes(6)),
            new Arrival(ArrivalKind.Note, Now.AddMinutes(7)));
        Assert.Equal(Now, thread.WaitingSince);
        Assert.Null(thread.FirstReplyAt);

        thread = Added(thread, new Arrival(ArrivalKind.Reply, Now.AddMinutes(8), An));
        Assert.Equal((null, Now.AddMinutes(8), 5), (thread.WaitingSince, thread.FirstReplyAt!.Value, thread.LastReplyPosition));

        thread = Added(thread, new Arrival(ArrivalKind.Person, Now.AddMinutes(9)), new Arrival(ArrivalKind.Reply, Now.AddMinutes(20), An));
        Assert.Equal((Now.AddMinutes(8), 7, Now, Now.AddMinutes(20)),
            (thread.FirstReplyAt!.Value, thread.MessageCount, thread.FirstMessageAt!.Value, thread.LastMessageAt!.Value));
    }

    [Theory]
    [InlineData(false, 120)]
    [InlineData(true, 60)]
    public void FirstReply_IsCountedByTheCalendarOfTheBusinessEntity(bool isClosedOnMonday, int minutes)
    {
        // Asked on Friday at 16:00 on the wall, answered on Monday at 09:00.
        var (asked, answered) = (new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 30, 8, 0, 0, TimeSpan.Zero));
        var monday = new DateOnly(2026, 11, 30);
        var calendar = new BusinessCalendar(new() { Closings = isClosedOnMonday ? [new(monday, monday, "Closed")] : [] });
        var reply = new CommunicationMessage { Id = Guid.NewGuid(), Direction = MessageDirection.Outbound, Nature = MessageNature.Person, SentAt = answered };

        var thread = Thread(ThreadStatus.Open) with { Channel = ChannelType.Email, WaitingSince = asked };
        var decided = MessageDecider.Receive(thread.Id, thread, new(reply), new() { Calendar = calendar }, answered);

        Assert.Equal(minutes, decided.Value!.After!.FirstReplyMinutes);
    }

    [Property(MaxTest = 200)]
    public void Add_InAnyOrderOfTime_GivesEachMessageTheNextPlace(int[] minutes)
    {
        var thread = Thread(ThreadStatus.Open);
        foreach (var (minute, i) in minutes.Select((minute, i) => (minute, i)))
        {
            var arrived = ThreadArrivals.Add(thread, new Arrival(ArrivalKind.Person, Now.AddMinutes(minute % 10_000)), Now).Value!;
            Assert.Equal((i + 1, i + 1), (arrived.Position, arrived.Thread.MessageCount));
            Assert.True(arrived.Thread.FirstMessageAt <= arrived.Thread.LastMessageAt && arrived.Thread.LastMessageAt <= Now);
            thread = arrived.Thread;
        }
    }

    [Fact]
    public void CheckReply_OfTheSecondWhoAnswers_TellsThem()
    {
        var thread = Added(Thread(ThreadStatus.Open), new Arrival(ArrivalKind.Person, Now), new Arrival(ArrivalKind.Reply, Now, An));

        Assert.Equal("answered_meanwhile", Assert.IsType<Conflict>(ThreadRules.CheckReply(thread, basedOn: 1, Bo)).Code);
        Assert.Null(ThreadRules.CheckReply(thread, basedOn: 2, Bo));
        Assert.Null(ThreadRules.CheckReply(thread, basedOn: 1, An));
        Assert.IsType<Conflict>(ThreadRules.CheckReply(Thread(ThreadStatus.Archived), 0, An));
    }

    private static CommunicationThread Added(CommunicationThread thread, params Arrival[] messages) =>
        messages.Aggregate(thread, (known, message) => ThreadArrivals.Add(known, message, Now.AddHours(1)).Value!.Thread);

    private static CommunicationThread Thread(ThreadStatus status) => new() { Id = Guid.NewGuid(), Status = status };
}
