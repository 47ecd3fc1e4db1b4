using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>What commands do to a message that is on its way out.</summary>
public sealed class MessageDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Thread = Guid.NewGuid();
    private static readonly Guid Message = Guid.NewGuid();

    /// <summary>A mail service takes a mail for all its receivers; what comes back from one of them must not send it to the others again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_OfATransientBounceOfAMailThatWasTaken_DoesNotSendItAgain(bool isAnswerKnown)
    {
        var sent = Handed();
        sent = isAnswerKnown ? sent with { Delivery = DeliveryRules.Apply(sent.Delivery!, new(MessageStatus.Sent, Now), ChannelType.Email) } : sent;

        var told = After(Decide(ChannelType.Email, sent, new ReportDelivery(Message, Again, "0102-ses")));

        Assert.Equal((MessageStatus.Failed, DeliveryFate.Again), (told.Status, told.Delivery!.Fate));
    }

    [Fact]
    public void Report_OfAMailServerThatDidNotTakeIt_SendsItAgain() =>
        Assert.Equal(MessageStatus.Queued, After(Decide(ChannelType.Email, Handed(), new ReportDelivery(Message, Again))).Status);

    /// <summary>It was queued while they still wanted messages, or while WhatsApp's window was open.</summary>
    [Theory]
    [InlineData(ChannelType.Sms, true, 0, "opted_out")]
    [InlineData(ChannelType.Whatsapp, false, 25, "window_closed")]
    public void Begin_OfWhatMayNotLeaveAnyMore_FailsItAndHandsNothingOver(ChannelType channel, bool optedOut, int hoursSince, string code)
    {
        MessageSetting setting = new() { OptedOut = optedOut, LastInboundAt = Now.AddHours(-hoursSince) };

        var stopped = After(Decide(channel, Queued(), new BeginSending(Message), setting));

        Assert.Equal((MessageStatus.Failed, code, DeliveryFate.Final, 0), (stopped.Status, stopped.Delivery!.ErrorCode, stopped.Delivery.Fate, stopped.Delivery.Attempt));
        Assert.Equal(code, Assert.IsType<Conflict>(Decide(channel, stopped, new RetryMessage(Message), setting).Error).Code);
        Assert.Equal(MessageStatus.Queued, After(Decide(channel, stopped, new RetryMessage(Message), new() { LastInboundAt = Now })).Status);
    }

    /// <summary>The retry would look for it in the thread that it left.</summary>
    [Fact]
    public void Move_OfWhatIsOnItsWayOut_IsRefused()
    {
        MoveMessage move = new(Message, Guid.NewGuid(), null);
        var handed = Handed();
        var retried = After(Decide(ChannelType.Sms, handed, new ReportDelivery(Message, Again)));
        Assert.Equal(MessageStatus.Queued, retried.Status);

        foreach (var underway in new[] { handed, retried })
        {
            Assert.Equal("still_sending", Assert.IsType<Conflict>(Decide(ChannelType.Sms, underway, move).Error).Code);
        }

        var sent = After(Decide(ChannelType.Sms, handed, new ReportDelivery(Message, new(MessageStatus.Sent, Now))));
        Assert.True(Decide(ChannelType.Sms, sent, move).Succeeded);
    }

    [Theory]
    [InlineData(ChannelType.Sms, 1, "files_not_carried")]
    [InlineData(ChannelType.Whatsapp, 1, "files_not_carried")]
    [InlineData(ChannelType.Email, (15 * 1024 * 1024) + 1, "files_too_large")]
    [InlineData(ChannelType.Email, 15 * 1024 * 1024, null)]
    [InlineData(ChannelType.Portal, 1, null)]
    public void Files_ThatCantGoAlong_LetNothingLeave(ChannelType channel, long size, string? code)
    {
        MessageSetting setting = new()
        {
            Account = new(Guid.NewGuid(), channel, "Service", "a@example.nl", BusinessEntity.Chargecars), LastInboundAt = Now,
            Files = [new("foto.jpg", null, "image/jpeg", size, null, false, "", MediaState.Fetched, Guid.NewGuid())],
        };

        var asked = Decide(channel, Of(new()), new QueueMessage(Message, new()), setting);
        Assert.Equal(code, (asked.Error as Conflict)?.Code);
        // Files that were added while it waited.
        var handed = Decide(channel, Queued(), new BeginSending(Message), setting);
        Assert.Equal((code, code is null ? 1 : 0), (After(handed).Delivery!.ErrorCode, After(handed).Delivery!.Attempt));
    }

    /// <summary>Mail servers repeat the address in their words.</summary>
    [Fact]
    public void Erased_IsWhatAProviderSaid_AndItsCodeStays()
    {
        var failed = After(Decide(ChannelType.Email, Handed(), new ReportDelivery(Message, new(MessageStatus.Failed, Now, "550", "550 <a@example.nl> unknown"))));

        var erased = After(MessageDecider.Erase(new() { Id = Thread, Channel = ChannelType.Email }, new([Message], IsWhole: false), [failed], Now));

        Assert.Equal((MessageStatus.Failed, "550", null), (erased.Status, erased.Delivery!.ErrorCode, erased.Delivery.ErrorText));
    }

    private static DeliveryReport Again => new(MessageStatus.Failed, Now, "4.4.2", Fate: DeliveryFate.Again);

    private static CommunicationMessage Queued() => Of(DeliveryRules.Queue(new(), null, Now.AddMinutes(-1)).Value!);

    private static CommunicationMessage Handed() => Of(DeliveryRules.Begin(Queued().Delivery!, Now).Value!) with { Position = 1 };

    private static CommunicationMessage Of(MessageDelivery delivery) => new()
    {
        Id = Message, ThreadId = Thread, Direction = MessageDirection.Outbound, Nature = MessageNature.Person, Delivery = delivery, Status = delivery.Status,
        BodyText = "Ja.", RecipientEmails = ["a@example.nl"],
    };

    private static Result<Outcome<CommunicationThread>> Decide(
        ChannelType channel, CommunicationMessage message, EntityCommand<CommunicationThread> command, MessageSetting? setting = null) =>
        MessageDecider.Decide(new() { Id = Thread, Channel = channel, LastPosition = 1 }, command, (setting ?? new()) with { Message = message }, Now);

    private static CommunicationMessage After(Result<Outcome<CommunicationThread>> decided)
    {
        Assert.True(decided.Succeeded, decided.Error?.Detail);
        return Assert.IsType<PartChange<CommunicationMessage>>(Assert.Single(decided.Value.Parts)).After!;
    }
}
