using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Entities;
using Npgsql;

namespace ChargeCars.Conversations.Threads;

/// <summary>One thread, and the only writer of its messages.</summary>
internal sealed class ThreadGrain(
    EntityStore<CommunicationThread, ThreadKind> store, MessageStore messages, BusinessCalendars calendars, TimeProvider time)
    : StandardGrain<CommunicationThread, CommunicationThreadDetails, ThreadKind>(store, time)
{
    private MessageSetting _setting = new();

    public override async Task<Result<CommunicationThread>> ExecuteAsync(EntityCommand<CommunicationThread> command, CommandContext context)
    {
        try
        {
            _setting = await SettingAsync(command);
        }
        catch (NpgsqlException fault) when (fault is not PostgresException { IsTransient: false })
        {
            return new TryAgain("The database did not answer. Send the request again.");
        }

        return await base.ExecuteAsync(command, context);
    }

    protected override Result<Outcome<CommunicationThread>> Decide(CommunicationThread? state, EntityCommand<CommunicationThread> command, DateTimeOffset now) =>
        (state, command) switch
        {
            (_, ReceiveMessage receive) => MessageDecider.Receive(Id, state, receive, _setting, now),
            (_, Create<CommunicationThread, CommunicationThreadDetails> { Details: var made }) when Misfit(made) is { } misfit => misfit,
            (_, Revise<CommunicationThread, CommunicationThreadDetails> { Details: var revised }) when Misfit(revised) is { } misfit => misfit,
            ({ } thread, EraseMessages erase) => MessageDecider.Erase(thread, erase, _setting.Several, now),
            ({ } thread, MessageCommand about) => MessageDecider.Decide(thread, about, _setting, now),
            ({ QueuedReplies.Count: > 0 }, ArchiveThread) => new Conflict("still_sending", "An answer is on its way out: archive the thread when it has left, or take it back."),
            _ => base.Decide(state, command, now),
        };

    private Invalid? Misfit(CommunicationThreadDetails details) =>
        details.ChannelAccountId is not null && _setting.Account is { } account && (account.Channel != details.Channel || account.BusinessEntity != details.BusinessEntity)
            ? Invalid.Field("channelAccountId", "is an account of another channel or another name")
            : null;

    private async Task<MessageSetting> SettingAsync(EntityCommand<CommunicationThread> command)
    {
        var setting = new MessageSetting { Calendar = calendars.Of(State?.BusinessEntity) };
        switch (command)
        {
            case ReceiveMessage receive:
                return setting with
                {
                    Message = await messages.FindAsync(receive.Message.Id),
                    Failed = receive.FailedMessage is { } failed ? await messages.FindAsync(failed) : null,
                };
            case Create<CommunicationThread, CommunicationThreadDetails> { Details.ChannelAccountId: { } account }:
                return setting with { Account = await messages.AccountAsync(account, ChannelType.Email, null) };
            case Revise<CommunicationThread, CommunicationThreadDetails> { Details.ChannelAccountId: { } account }:
                return setting with { Account = await messages.AccountAsync(account, ChannelType.Email, null) };
            case EraseMessages erase:
                return setting with { Several = await messages.FindAllAsync(erase.MessageIds) };
            case MessageCommand about:
                setting = setting with { Message = await messages.FindAsync(about.MessageId) };
                break;
            default:
                return setting;
        }

        return command switch
        {
            _ when State is null => setting,
            WriteMessage or EditDraft or QueueMessage or BeginSending or RetryMessage => await OutboundAsync(setting, command, State),
            MoveMessage move => setting with { Others = await messages.TimesWithoutAsync(State.Id, move.MessageId) },
            _ => setting,
        };
    }

    private async Task<MessageSetting> OutboundAsync(MessageSetting setting, EntityCommand<CommunicationThread> command, CommunicationThread thread)
    {
        if (thread.Channel is not { } channel || channel == ChannelType.Internal || command is WriteMessage { IsNote: true })
        {
            return setting;
        }

        // What is queued goes out through the account that it was written for.
        var queuedFor = command is BeginSending or RetryMessage ? setting.Message?.ChannelAccountId : null;
        var account = await messages.AccountAsync(queuedFor ?? thread.ChannelAccountId, channel, thread.BusinessEntity);
        var customer = thread.CustomerAddress is null && thread.CustomerContactId is { } contact ? await messages.AddressOfAsync(contact, channel) : null;
        var written = command switch
        {
            WriteMessage write => write.Content.RecipientEmails,
            EditDraft edit => edit.Content.RecipientEmails,
            _ => setting.Message?.RecipientEmails,
        };
        string?[] receivers = written is { Count: > 0 } ? [.. written] : [thread.CustomerAddress ?? customer];
        return setting with
        {
            Account = account,
            CustomerAddress = customer,
            // What is being written anew has no files yet.
            Files = command is MessageCommand about and (QueueMessage or BeginSending or RetryMessage) ? await messages.FilesAsync(about.MessageId) : [],
            OptedOut = account is not null && await messages.OptedOutAsync(
                account.Id, [.. receivers.OfType<string>().Select(receiver => MessageContentRules.Address(receiver, channel))]),
            LastInboundAt = channel == ChannelType.Whatsapp ? await messages.LastInboundAsync(thread.Id) : null,
        };
    }
}
