using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Intake;

/// <summary>What became of a message that came in; the answer to whoever sent it.</summary>
/// <param name="MessageId">The message; null where what came holds none.</param>
/// <param name="ThreadId">The thread that it is in.</param>
/// <param name="Duplicate">Whether it was there already.</param>
public sealed record IntakeAnswer(Guid? MessageId, Guid? ThreadId, bool Duplicate);

/// <summary>
/// Takes mail in: keeps what came, reads it, finds its thread, and has the thread take it. Ids follow from the content, so that
/// whatever is delivered twice, or worked twice after a crash, is one message; of two that begin one conversation at once the second
/// looks again and joins.
/// </summary>
internal sealed class MailIntake(
    InboundStore store, ThreadLookup lookup, ConversationDoors doors, MessageStore messages, OptOuts optOuts, NpgsqlDataSource source, IGrainFactory grains,
    ReplyKey key, TimeProvider time)
{
    // Each time another message was quicker; no mailbox has so many of one conversation in one moment.
    private const int MostLooks = 8;

    // After so many the thread that should be begun is there and is not found by its ids any more: what it said was erased.
    private const int LooksForSharedThread = 4;

    /// <summary>For so long the one who took it in has time to work it, before others do.</summary>
    private static readonly TimeSpan WorkTime = TimeSpan.FromSeconds(30);

    private const string KeepPlace = """
        INSERT INTO communication_message_place (message_id, channel_account_id, raw_id, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
        """;

    /// <summary>Takes a mail in, and works it at once.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="provider">Whose format it is; null for a raw mail.</param>
    /// <param name="contentType">As it was sent.</param>
    /// <param name="context">Who sent it.</param>
    /// <param name="cancellation">Ends the wait; what was kept is worked all the same.</param>
    public async Task<Result<IntakeAnswer>> TakeAsync(
        ReadOnlyMemory<byte> body, string? provider, string? contentType, CommandContext context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var raw = InboundRaw.OfMail(body, provider, contentType, now);
        // What is no notification of the service's is refused. A raw mail is kept before anybody looks into it.
        var mail = provider is null ? null : await ReadAsync(raw, cancellation);
        if (mail is { Succeeded: false })
        {
            return mail.Error;
        }

        var isNew = await store.KeepAsync(raw, context, now + WorkTime);
        var worked = await WorkAsync(raw, mail?.Value ?? MailReader.Read(body), context, cancellation);
        return worked.Map(answer => answer with { Duplicate = answer.Duplicate || !isNew });
    }

    /// <summary>Works what was kept.</summary>
    public async Task<Result<IntakeAnswer>> WorkAsync(InboundRaw raw, CommandContext context, CancellationToken cancellation)
    {
        var mail = await ReadAsync(raw, cancellation);
        return mail.Succeeded ? await WorkAsync(raw, mail.Value, context, cancellation) : mail.Error;
    }

    /// <summary>Reads what was kept: whatever a raw mail is, it is one.</summary>
    public static async Task<Result<InboundMail>> ReadAsync(InboundRaw raw, CancellationToken cancellation) => raw.Provider switch
    {
        null => MailReader.Read(raw.Body),
        "postmark" => MailHooks.Postmark(raw.Body),
        "sendgrid" => await OfFormAsync(raw, MailHooks.SendGrid, cancellation),
        "mailgun" => await OfFormAsync(raw, MailHooks.Mailgun, cancellation),
        _ => Invalid.Field("provider", "must be postmark, sendgrid or mailgun"),
    };

    private static async Task<Result<InboundMail>> OfFormAsync(
        InboundRaw raw, Func<IReadOnlyList<FormPart>, Result<InboundMail>> read, CancellationToken cancellation)
    {
        if (Boundary(raw.ContentType) is not { } boundary)
        {
            return Invalid.Field("body", "must be multipart/form-data with its boundary");
        }

        using var body = new MemoryStream(raw.Body.ToArray(), writable: false);
        var form = await FormPart.ReadAsync(body, boundary, cancellation);
        return form.Succeeded ? read(form.Value) : form.Error;
    }

    private static string? Boundary(string? contentType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Boundary.HasValue
            ? Microsoft.Net.Http.Headers.HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;

    private async Task<Result<IntakeAnswer>> WorkAsync(InboundRaw raw, InboundMail mail, CommandContext context, CancellationToken cancellation)
    {
        var addresses = mail.DeliveredTo.Select(address => ReplyAddress.Plain(address).ToLowerInvariant()).Distinct().ToArray();
        // A blind copy names none of ours: then it is the mailbox that it lay in.
        var (account, sender) = await lookup.BetweenAsync(ChannelType.Email, addresses, raw.ChannelAccountId, mail.From?.Address, cancellation);
        var told = await lookup.OursAsync(
            ReplyAddress.Messages(mail.DeliveredTo, key.Bytes), mail.Bounce?.OriginalMessageId ?? mail.ComplainsOf, cancellation);
        if (told is { } complained && mail.Nature.Author == MailAuthor.Complaint)
        {
            await optOuts.StopAsync(complained.MessageId, cancellation);
        }

        var ours = mail.Bounce is null ? null : told;
        for (var look = 0; look < MostLooks; look++)
        {
            var (target, receive) = ours is { } returned
                ? Bounced(raw, mail, account, returned)
                : await MatchedAsync(raw, mail, account, sender, told?.ThreadId, look < LooksForSharedThread, cancellation);
            if (receive is null)
            {
                return await KnownAsync(raw, target, account, cancellation);
            }

            var command = context with { CommandId = NameBasedId.Of($"receive/{receive.Message.Id}"), MayRepeat = true };
            var taken = await grains.GetGrain<IEntityGrain<CommunicationThread>>(target).ExecuteAsync(receive, command);
            if (taken.Succeeded && await store.WorkedAsync(raw.Id, receive.Message.Id, null) is var (thread, madeOf))
            {
                return new IntakeAnswer(receive.Message.Id, thread, madeOf != raw.Id);
            }

            if (taken.Error is not (Conflict { Code: "begun_meanwhile" or "archived" or "exists" or "command_id_used" } or NotFound or null))
            {
                return taken.Error;
            }

            // A bounce of a message whose thread is archived begins one of its own.
            ours = taken.Error is Conflict { Code: "archived" } ? null : ours;
        }

        return new TryAgain("Too many messages of this conversation come at once. Send it again.");
    }

    private async Task<(Guid Target, ReceiveMessage? Receive)> MatchedAsync(
        InboundRaw raw, InboundMail mail, ReachedAccount? account, Guid? sender, Guid? told, bool isShared, CancellationToken cancellation)
    {
        // Machines answer to the address that bounces come to.
        IReadOnlyList<Guid> tokens = [.. ReplyAddress.Threads(mail.DeliveredTo, key.Bytes), .. told is { } thread ? [thread] : Array.Empty<Guid>()];
        var incoming = new IncomingMessage(
            mail.ExternalId, mail.ContentHash, mail.From?.Address ?? "", tokens, mail.References, mail.Subject,
            mail.IsForward && mail.ForwardedFrom is not null);
        switch (ThreadMatch.Decide(incoming, await lookup.AskAsync(incoming, account?.Id, ChannelType.Email, [incoming.Sender], cancellation)))
        {
            case DuplicateMessage known:
                return (known.MessageId, null);
            case AnotherPlace known:
                return (known.MessageId, null);
            case OwnCopy known:
                return (known.MessageId, null);
            case JoinThread join:
                return (join.ThreadId, new(MailTranslation.Message(mail, raw, account?.Id, sender, join.Flags), join.NewSubject));
            case BeginThread begin:
                var message = MailTranslation.Message(mail, raw, account?.Id, sender, begin.Flags);
                var answers = mail.ReplyTo?.Address ?? mail.From?.Address;
                return (await ThreadIdOfAsync(mail, message, begin, isShared), new(message)
                {
                    LinkedThreadId = begin.LinkedThreadId,
                    Begins = new()
                    {
                        EntityType = ThreadEntityType.SupportTicket, Channel = ChannelType.Email, Subject = mail.Subject, BusinessEntity = account?.BusinessEntity,
                        ChannelAccountId = account?.Id, CustomerContactId = sender, CustomerAddress = answers,
                    },
                });
            default:
                throw new InvalidOperationException("Every decision about a message is handled above.");
        }
    }

    /// <summary>
    /// A new thread's id. It follows from the first id of its conversation, or from that of another mail that comes at once and names an id of
    /// this one, so that they meet; where somebody claims to belong to another conversation, or that thread is not to be found, from the mail alone.
    /// </summary>
    private async Task<Guid> ThreadIdOfAsync(InboundMail mail, CommunicationMessage message, BeginThread begin, bool isShared) =>
        begin.LinkedThreadId is not null || begin.AmbiguousId || !isShared
            ? NameBasedId.Of($"thread/{message.Id}")
            : await doors.MeetAsync(
                NameBasedId.Of($"thread/email/{(mail.References is [.., var root] ? root : mail.ExternalId)}"), [mail.ExternalId, .. mail.References]);

    private (Guid Target, ReceiveMessage? Receive) Bounced(
        InboundRaw raw, InboundMail mail, ReachedAccount? account, (Guid MessageId, Guid ThreadId, bool IsAutomatic) ours)
    {
        var bounce = mail.Bounce!;
        var fails = BounceRules.Of(bounce.Action, ours.IsAutomatic) == BounceEffect.Fail;
        return (ours.ThreadId, new(MailTranslation.Message(mail, raw, account?.Id, null, []))
        {
            FailedMessage = fails ? ours.MessageId : null,
            Failure = fails
                ? new(MessageStatus.Failed, time.GetUtcNow(), bounce.Status, bounce.Diagnostic, DeliveryFate.Final)
                : null,
        });
    }

    // It is there: one mail to two of our mailboxes is one message that came to two places.
    private async Task<Result<IntakeAnswer>> KnownAsync(InboundRaw raw, Guid message, ReachedAccount? account, CancellationToken cancellation)
    {
        var known = await messages.FindAsync(message, cancellation);
        if (known is { Direction: MessageDirection.Inbound } && account is not null && known.ChannelAccountId != account.Id)
        {
            await using var command = source.CreateCommand(KeepPlace);
            command.Parameters.Add(Sql.Uuid(message));
            command.Parameters.Add(Sql.Uuid(account.Id));
            command.Parameters.Add(Sql.Uuid(raw.Id));
            command.Parameters.Add(Sql.Time(raw.ReceivedAt));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await store.WorkedAsync(raw.Id, message, "known already");
        return new IntakeAnswer(message, known?.ThreadId, true);
    }
}
