using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Threads;

public sealed class DeliveryRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Queue_CanBeTakenBackForAWhile()
    {
        var queued = DeliveryRules.Queue(new(), null, Now).Value!;

        Assert.IsType<TransitionRefused>(DeliveryRules.Begin(queued, Now.AddSeconds(9)).Error);
        Assert.Equal(MessageStatus.Draft, DeliveryRules.Cancel(queued, Now.AddSeconds(9)).Value!.Status);
        Assert.IsType<TransitionRefused>(DeliveryRules.Cancel(queued, Now.AddSeconds(10)).Error);
        Assert.Equal((MessageStatus.Uncertain, 1), DeliveryRules.Begin(queued, Now.AddSeconds(10)).Value is { } begun
            ? (begun.Status, begun.Attempt) : default);
        Assert.Equal(Now.AddDays(1), DeliveryRules.Queue(new(), Now.AddDays(1), Now).Value!.SendAt);
    }

    [Fact]
    public void Begin_Twice_IsRefused() => Assert.IsType<TransitionRefused>(DeliveryRules.Begin(Begun(), Now.AddDays(1)).Error);

    [Property(MaxTest = 500)]
    public void Apply_ReportsInAnyOrderAndRepetition_NeverGoBackAndAgree(byte[] which, int seed, bool byMail)
    {
        var channel = byMail ? ChannelType.Email : ChannelType.Sms;
        MessageStatus[] states = [MessageStatus.Queued, MessageStatus.Sent, MessageStatus.Delivered, MessageStatus.Failed, MessageStatus.Read];
        DeliveryReport[] reports = [.. which.Select(one => new DeliveryReport(states[one % states.Length], Now.AddSeconds(one / 5), $"{one % 3}"))];
        DeliveryReport[] shuffled = [.. reports, .. reports];
        new Random(seed).Shuffle(shuffled);

        var known = Begun();
        foreach (var report in shuffled)
        {
            var next = DeliveryRules.Apply(known, report, channel);
            Assert.True(Rank(next.Status, byMail) >= Rank(known.Status, byMail), $"{known.Status} became {next.Status}");
            known = next;
        }

        Assert.Equal(reports.Aggregate(Begun(), (one, report) => DeliveryRules.Apply(one, report, channel)), known);
    }

    [Fact]
    public void Apply_ALateSent_DoesNotUndoAFailure()
    {
        var failed = DeliveryRules.Apply(Begun(), new(MessageStatus.Failed, Now, "131026", Fate: DeliveryFate.Final), ChannelType.Whatsapp);

        Assert.Equal((MessageStatus.Failed, "131026"), DeliveryRules.Apply(failed, new(MessageStatus.Sent, Now), ChannelType.Whatsapp) is { } late
            ? (late.Status, late.ErrorCode) : default);
        Assert.Equal(MessageStatus.Delivered, DeliveryRules.Apply(failed, new(MessageStatus.Delivered, Now), ChannelType.Whatsapp).Status);
    }

    [Fact]
    public void Apply_ABounceAfterADelivery_IsAFailureByMailOnly()
    {
        var delivered = DeliveryRules.Apply(Begun(), new(MessageStatus.Delivered, Now), ChannelType.Email);
        DeliveryReport bounce = new(MessageStatus.Failed, Now);

        Assert.Equal(MessageStatus.Failed, DeliveryRules.Apply(delivered, bounce, ChannelType.Email).Status);
        Assert.Equal(MessageStatus.Delivered, DeliveryRules.Apply(delivered, bounce, ChannelType.Sms).Status);
    }

    [Fact]
    public void Retry_ForgetsTheFailure_AndWhatIsStillReportedOfIt()
    {
        var failed = DeliveryRules.Apply(Begun(), new(MessageStatus.Failed, Now, "30003", Fate: DeliveryFate.Again), ChannelType.Sms);
        Assert.Equal(Now.AddMinutes(1), DeliveryRules.RetriesAt(failed));

        var queued = DeliveryRules.Retry(failed, Now.AddMinutes(1)).Value!;
        var told = DeliveryRules.Apply(queued, new(MessageStatus.Failed, Now, "30003"), ChannelType.Sms);
        var again = DeliveryRules.Begin(told, Now.AddMinutes(1)).Value!;

        Assert.Equal((MessageStatus.Queued, MessageStatus.Uncertain, 2), (told.Status, again.Status, again.Attempt));
        Assert.Equal(MessageStatus.Uncertain, DeliveryRules.Apply(again, new(MessageStatus.Failed, Now, Attempt: 1), ChannelType.Sms).Status);
        // The first one arrived after all: nothing is sent again.
        Assert.IsType<TransitionRefused>(DeliveryRules.Begin(DeliveryRules.Apply(queued, new(MessageStatus.Delivered, Now, Attempt: 1), ChannelType.Sms),
            Now.AddDays(1)).Error);
        Assert.Null(DeliveryRules.RetriesAt(failed with { Fate = DeliveryFate.Final }));
        Assert.Null(DeliveryRules.RetriesAt(failed with { Attempt = DeliveryRules.MaxAttempts }));
    }

    private static MessageDelivery Begun() => DeliveryRules.Begin(DeliveryRules.Queue(new(), null, Now.AddMinutes(-1)).Value!, Now).Value!;

    private static int Rank(MessageStatus status, bool byMail) => status switch
    {
        MessageStatus.Read => 9,
        MessageStatus.Failed => byMail ? 8 : 6,
        MessageStatus.Delivered => 7,
        MessageStatus.Sent => 5,
        MessageStatus.Uncertain => 4,
        MessageStatus.Queued => 3,
        _ => 2,
    };
}
