using System.Security.Cryptography;
using System.Text;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace ChargeCars.Conversations.Intake;

/// <summary>
/// Takes text and WhatsApp messages in, and what providers report of ours. They are kept and worked later: providers want their answer
/// at once, and one request of Meta's holds many messages.
/// </summary>
internal sealed class ChannelIntake(
    InboundStore store, ThreadLookup lookup, MessageStore messages, DeliveryReports reports, OptOuts optOuts, IGrainFactory grains, TimeProvider time)
{
    private const int MostLooks = 8;

    // After so many the thread that should be begun is there and is not found by its number any more: it was erased, or somebody changed its address.
    private const int LooksForSharedThread = 4;

    // What a mail service reports is told from a mail that it hands in.
    private const string MailStatus = "-mail-status";

    /// <summary>The name under which reports of a mail service are kept.</summary>
    public static string MailStatusOf(string service) => service + MailStatus;

    /// <summary>Whether what was kept is a mail service's report.</summary>
    public static bool IsMailStatus(InboundRaw raw) => raw.Provider?.EndsWith(MailStatus, StringComparison.Ordinal) ?? false;

    /// <summary>Keeps what a provider sent; it is on disk when this answers.</summary>
    /// <param name="channel">The way it came.</param>
    /// <param name="provider">Whose format it is.</param>
    /// <param name="contentType">As it was sent.</param>
    /// <param name="body">As it was sent; its signature was checked.</param>
    /// <param name="context">Who sent it.</param>
    public async Task<(Guid RawId, bool IsNew)> KeepAsync(
        ChannelType channel, string provider, string? contentType, ReadOnlyMemory<byte> body, CommandContext context)
    {
        var (now, hash) = (time.GetUtcNow(), Convert.ToHexStringLower(SHA256.HashData(body.Span)));
        var id = NameBasedId.Of($"inbound/{WireText.Of(channel)}/{provider}/{hash}");
        return (id, await store.KeepAsync(new(id, channel, provider, contentType, body, now, false, null), context, now));
    }

    /// <summary>Works what was kept; null when all of it is done.</summary>
    public async Task<Error?> WorkAsync(InboundRaw raw, CommandContext context, CancellationToken cancellation)
    {
        var read = Read(raw);
        if (!read.Succeeded)
        {
            // It is kept, and nothing can be made of it: trying again would not help.
            await store.WorkedAsync(raw.Id, null, read.Error.Detail);
            return null;
        }

        Guid? last = null;
        foreach (var message in read.Value.Messages)
        {
            var taken = await TakeAsync(message, raw.Id, raw.ReceivedAt, context, cancellation);
            if (!taken.Succeeded)
            {
                return taken.Error;
            }

            last = taken.Value;
        }

        foreach (var status in read.Value.Statuses)
        {
            if (await reports.ReportAsync(raw.Channel, status, context, cancellation) is { } fault)
            {
                return fault;
            }
        }

        await store.WorkedAsync(raw.Id, last, read.Value.Kept.Count == 0 ? null : $"kept only: {string.Join(", ", read.Value.Kept.Distinct())}");
        return null;
    }

    private static Result<WhatsappReading> Read(InboundRaw raw)
    {
        switch (raw.Provider)
        {
            case "meta":
                return WhatsappWebhook.Read(raw.Body);
            case "twilio":
                return TwilioMessages.ReadMessage(FormOf(raw.Body)).Map(message => new WhatsappReading([message], [], []));
            case "twilio-status":
                return TwilioMessages.ReadStatus(FormOf(raw.Body), raw.ReceivedAt).Map(status => new WhatsappReading([], [status], []));
            case { } service when service.EndsWith(MailStatus, StringComparison.Ordinal):
                return MailStatuses.Read(service[..^MailStatus.Length], raw.Body, raw.ReceivedAt).Map(statuses => new WhatsappReading([], statuses, []));
            default:
                return Invalid.Field("provider", "is not known");
        }
    }

    /// <summary>The fields of a form.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> FormOf(ReadOnlyMemory<byte> body)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(body.Span)) { ValueCountLimit = 2_000, ValueLengthLimit = 1_000_000 };
        return [.. reader.ReadForm().SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))];
    }

    /// <summary>Takes one message; answers its id, whether or not it was there already.</summary>
    /// <param name="said">What was sent.</param>
    /// <param name="rawId">What was kept of it; null where that is the telephony system's event.</param>
    /// <param name="receivedAt">When it came, UTC.</param>
    /// <param name="context">Who sent it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Result<Guid>> TakeAsync(
        ChannelMessage said, Guid? rawId, DateTimeOffset receivedAt, CommandContext context, CancellationToken cancellation)
    {
        var (account, sender) = await lookup.BetweenAsync(said.Channel, ChannelTranslation.Accounts(said.Account), null, said.With.Number, cancellation);
        if (account is not null && said is { Direction: MessageDirection.Inbound, OptOut: not OptOutWord.None })
        {
            await HearAsync(said, account.Id, receivedAt, cancellation);
        }

        for (var look = 0; look < MostLooks; look++)
        {
            var incoming = ChannelTranslation.Incoming(said);
            var decision = ThreadMatch.Decide(incoming, await lookup.AskAsync(
                incoming, account?.Id, said.Channel, ChannelTranslation.Addresses(said.With), cancellation));
            if (decision is DuplicateMessage or OwnCopy or AnotherPlace)
            {
                return decision is DuplicateMessage known ? known.MessageId : decision is OwnCopy own ? own.MessageId : ((AnotherPlace)decision).MessageId;
            }

            var (target, receive) = Receive(said, rawId, receivedAt, account, sender, decision, isShared: look < LooksForSharedThread);
            var command = context with { CommandId = NameBasedId.Of($"receive/{receive.Message.Id}"), MayRepeat = true };
            var taken = await grains.GetGrain<IEntityGrain<CommunicationThread>>(target).ExecuteAsync(receive, command);
            if (taken.Succeeded && await messages.FindAsync(receive.Message.Id, cancellation) is { } message)
            {
                await reports.ApplyKeptAsync(said.Channel, message, context, cancellation);
                return message.Id;
            }

            if (taken.Error is not (Conflict { Code: "begun_meanwhile" or "archived" or "exists" or "command_id_used" } or NotFound or null))
            {
                return taken.Error;
            }
        }

        return new TryAgain("Too many messages of this conversation come at once.");
    }

    // The word is applied before the message is kept: a host that dies between the two applies it again. A repeated message finds itself kept and applies nothing.
    private async Task HearAsync(ChannelMessage said, Guid account, DateTimeOffset receivedAt, CancellationToken cancellation)
    {
        if (await messages.FindAsync(ChannelTranslation.IdOf(said, account), cancellation) is null)
        {
            await optOuts.ApplyAsync(account, said.With, said.OptOut, said.At < receivedAt ? said.At.Value : receivedAt, cancellation);
        }
    }

    private static (Guid Target, ReceiveMessage Receive) Receive(
        ChannelMessage said, Guid? rawId, DateTimeOffset receivedAt, ReachedAccount? account, Guid? sender, ThreadDecision decision, bool isShared)
    {
        if (decision is JoinThread join)
        {
            return (join.ThreadId, new(ChannelTranslation.Message(said, rawId, receivedAt, account?.Id, sender, join.Flags)));
        }

        var begin = (BeginThread)decision;
        var message = ChannelTranslation.Message(said, rawId, receivedAt, account?.Id, sender, begin.Flags);
        // Two first messages of one person that come at once meet in the same new thread.
        var id = begin.LinkedThreadId is null && isShared
            ? NameBasedId.Of($"thread/{WireText.Of(said.Channel)}/{account?.Id}/{said.With.Key}")
            : NameBasedId.Of($"thread/{message.Id}");
        return (id, new(message)
        {
            LinkedThreadId = begin.LinkedThreadId,
            Begins = new()
            {
                EntityType = ThreadEntityType.SupportTicket, Channel = said.Channel, Subject = said.With.Name ?? said.With.Number, BusinessEntity = account?.BusinessEntity,
                ChannelAccountId = account?.Id, CustomerContactId = sender, CustomerAddress = said.With.Key,
            },
        });
    }
}
