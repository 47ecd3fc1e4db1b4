using ChargeCars.Alerts;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Messages;

/// <summary>What commands do to a thread and its messages: pure. Times are UTC.</summary>
internal static class MessageDecider
{
    private static readonly TimeSpan FurthestSending = TimeSpan.FromDays(366);

    /// <summary>What a command does, or why it is refused.</summary>
    public static Result<Outcome<CommunicationThread>> Decide(
        CommunicationThread thread, EntityCommand<CommunicationThread> command, MessageSetting setting, DateTimeOffset now) =>
        Of(thread, command, setting, now).Map(outcome => Timed(thread, outcome, setting));

    private static Result<Outcome<CommunicationThread>> Of(
        CommunicationThread thread, EntityCommand<CommunicationThread> command, MessageSetting setting, DateTimeOffset now) => (command, setting.Message) switch
        {
            (WriteMessage, not null) => new Conflict("exists", "There is a message of this id already."),
            (WriteMessage write, null) => Write(thread, write, setting, now),
            (MessageCommand about, null) => new NotFound(MessageKind.Rows.Table, about.MessageId.ToString()),
            (MessageCommand about, { } other) when other.ThreadId != thread.Id => new NotFound(MessageKind.Rows.Table, about.MessageId.ToString()),
            (EditDraft edit, { } draft) => Edit(thread, draft, edit, setting),
            (DiscardDraft, { } draft) => draft.Status != MessageStatus.Draft ? NotADraft() : new Outcome<CommunicationThread>(thread) { Parts = [Change(draft, null)] },
            (QueueMessage queue, { } draft) => Queue(thread, draft, draft, queue.Dispatch, setting, now),
            (CancelMessage, { } queued) => Cancel(thread, queued, now),
            (RetryMessage, { ErasedAt: not null }) => new Conflict("erased", "What it said was erased: there is nothing to send."),
            (RetryMessage, { } stopped) => Retry(thread, stopped, setting, now),
            (ConfirmMessage, { } uncertain) => uncertain.Status != MessageStatus.Uncertain
                ? new TransitionRefused("confirm", StatusOf(uncertain), WireText.Of(MessageStatus.Sent), [], [])
                : Report(thread, uncertain, new(MessageStatus.Sent, now), null, now),
            (BeginSending, { } due) => Begin(thread, due, setting, now),
            (ReportDelivery report, { } ours) => Report(thread, ours, report.Report, report.ProviderId, now),
            (MoveMessage move, { } moved) => Move(thread, moved, move, setting),
            (TakeMovedMessage, { } moved) => TakeMoved(thread, moved, now),
            (SettleMedia settle, { } received) => Settle(thread, received, settle),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a message."),
        };

    /// <summary>A message that came in; it makes the thread where there is none.</summary>
    public static Result<Outcome<CommunicationThread>> Receive(
        Guid id, CommunicationThread? thread, ReceiveMessage receive, MessageSetting setting, DateTimeOffset now)
    {
        if (setting.Message is not null)
        {
            return new Conflict("exists", "The message is there already.");
        }

        if (thread is null != receive.Begins is not null)
        {
            return thread is null
                ? new NotFound(ThreadKind.Rows.Table, id.ToString())
                : new Conflict("begun_meanwhile", "Another message began this thread in the meantime: look for the thread again.");
        }

        var before = thread ?? Begun(id, receive, now);
        var message = receive.Message with { ThreadId = id, CreatedAt = now };
        return ThreadArrivals.Add(before, new(KindOf(message, receive), message.SentAt ?? now, message.SenderContactId, receive.NewSubject, message.Flags), now)
            .Map(arrived =>
            {
                var placed = message with { Position = arrived.Position };
                var outcome = Timed(before, ThreadOutcomes.Of(before, arrived.Thread, null), setting);
                var bounced = setting.Failed is { Delivery: { } delivery } failed && receive.Failure is { } failure && failed.ThreadId == id
                    ? (Before: failed, After: Delivered(failed, DeliveryRules.Apply(delivery, failure, ChannelOf(before))))
                    : default;
                return outcome with
                {
                    Moved = thread is null ? new(null, WireText.Of(arrived.Thread.Status)) : outcome.Moved,
                    Parts = [Change(null, placed), .. bounced.After is { } changed ? [Change(bounced.Before, changed)] : Array.Empty<PartChange>()],
                    Announced =
                    [
                        .. thread is null ? [new Announcement<CommunicationThread>("created")] : Array.Empty<Announcement<CommunicationThread>>(),
                        Added(placed),
                        .. bounced.After is { } said ? [Changed(said)] : Array.Empty<Announcement<CommunicationThread>>(),
                    ],
                    Then = [.. outcome.Then, .. Fetching(placed)],
                    Withdrawn = [.. outcome.Withdrawn, .. placed.RawId is { } raw ? [WorkKey(raw)] : Array.Empty<string>()],
                };
            });
    }

    /// <summary>The attachment that is made of what came with a message.</summary>
    public static Guid FileIdOf(Guid message, int number) => NameBasedId.Of($"media/{message}/{number}");

    // Each by itself: one that is not handed over stands in nobody's way.
    private static IEnumerable<DueCommand> Fetching(CommunicationMessage message) => message.Attachments
        .Select((file, number) => (file, number)).Where(media => media.file.State == MediaState.Awaited)
        .Select(media => new DueCommand(FileIdOf(message.Id, media.number), new FetchMedia(message.Id, media.number)));

    private static Result<Outcome<CommunicationThread>> Settle(CommunicationThread thread, CommunicationMessage message, SettleMedia settle)
    {
        if (message.Attachments.ElementAtOrDefault(settle.Number) is not { State: MediaState.Awaited } awaited)
        {
            return Outcome.Unchanged(thread);
        }

        var settled = settle.FileId is { } file
            ? awaited with
            {
                State = MediaState.Fetched, FileId = file, MimeType = settle.MimeType ?? awaited.MimeType,
                FileSize = settle.FileSize, Sha256 = settle.Sha256 ?? "",
            }
            : awaited with { State = MediaState.Lost, Fault = settle.Fault };
        var after = message with { Attachments = [.. message.Attachments.Select((other, number) => number == settle.Number ? settled : other)] };
        return new Outcome<CommunicationThread>(thread) { Parts = [Change(message, after)], Announced = [Changed(after)] };
    }

    /// <summary>Messages without what they said; of the whole thread, it without its customer's address and subject too.</summary>
    public static Result<Outcome<CommunicationThread>> Erase(
        CommunicationThread thread, EraseMessages erase, IReadOnlyList<CommunicationMessage> messages, DateTimeOffset now)
    {
        CommunicationMessage[] said = [.. messages.Where(message => message.ThreadId == thread.Id && message.ErasedAt is null)];
        var ids = said.Select(message => message.Id).ToHashSet();
        var after = thread with { QueuedReplies = [.. thread.QueuedReplies.Where(reply => !ids.Contains(reply.MessageId))] };
        after = erase.IsWhole ? after with { Subject = null, AnswerSubject = null, CustomerAddress = null } : after;
        var outcome = ThreadOutcomes.Of(thread, after, null);
        return outcome with
        {
            Parts = [.. said.Select(message => Change(message, Erased(message, now)))],
            Announced = [new("messages_erased", state => new { messageIds = ids, state.Version })],
            // An alert about the thread calls it by its subject or its customer's address.
            Then = erase.IsWhole && (thread.Subject ?? thread.CustomerAddress) is not null ? [.. outcome.Then, ForgetLabel(thread)] : outcome.Then,
            // What was on its way says nothing any more.
            Withdrawn = [.. outcome.Withdrawn, .. said.Where(IsQueued).Select(message => SendKey(message.Id))],
        };
    }

    private static DueCommand ForgetLabel(CommunicationThread thread)
    {
        var alert = Alert.IdOf(AlertType.MessageFailed, thread.Id);
        return new(alert, new ForgetLabel(alert));
    }

    // Its id at the provider stays, so that one which is delivered again does not come back. A provider's words name whom it was for.
    private static CommunicationMessage Erased(CommunicationMessage message, DateTimeOffset now) =>
        (IsQueued(message) ? Delivered(message, new()) : message with { Delivery = message.Delivery is { } known ? known with { ErrorText = null } : null }) with
    {
        SenderEmail = null, SenderName = null, RecipientEmails = [], CcEmails = [], BccEmails = [], Subject = null, BodyText = null, BodyHtml = null,
        ShownHtml = null,
        BlockedImages = 0, Attachments = [], CounterpartKey = null, ReferenceIds = [], Folds = [], Faults = [], Details = null, RawId = null, ErasedAt = now,
    };

    private static bool IsQueued(CommunicationMessage message) => message is { Direction: MessageDirection.Outbound, Status: MessageStatus.Queued };

    /// <summary>Names the work that is left of what a provider sent.</summary>
    public static string WorkKey(Guid raw) => $"message-work:{raw}";

    private static CommunicationThread Begun(Guid id, ReceiveMessage receive, DateTimeOffset now) =>
        EntityDetails<CommunicationThread, CommunicationThreadDetails>.Into(
            new() { Id = id, CreatedAt = now, LinkedThreadId = receive.LinkedThreadId }, receive.Begins!);

    private static ArrivalKind KindOf(CommunicationMessage message, ReceiveMessage receive) => (message.Direction, message.Nature) switch
    {
        (MessageDirection.Outbound, MessageNature.Automatic) => ArrivalKind.AutomaticReply,
        (MessageDirection.Outbound, _) => ArrivalKind.Reply,
        (_, MessageNature.Person or MessageNature.List) => ArrivalKind.Person,
        (_, MessageNature.Bounce) => receive.FailedMessage is not null ? ArrivalKind.FailedBounce : ArrivalKind.HarmlessBounce,
        (_, MessageNature.Note or MessageNature.Moved) => ArrivalKind.Note,
        _ => ArrivalKind.Machine,
    };

    private static Result<Outcome<CommunicationThread>> Write(CommunicationThread thread, WriteMessage write, MessageSetting setting, DateTimeOffset now)
    {
        if (thread.Status == ThreadStatus.Archived)
        {
            return new Conflict("archived", "An archived thread takes no more messages; begin a new one.");
        }

        var (channel, isNote) = (ChannelOf(thread), write.IsNote || thread.Channel == ChannelType.Internal);
        if (MessageContentRules.Check(write.Content, channel, isNote, isDraft: write.Dispatch is null && !isNote) is { } fault)
        {
            return fault;
        }

        var message = Filled(new()
        {
            Id = write.MessageId, ThreadId = thread.Id, CreatedAt = now, SenderContactId = write.By, AuthorId = write.AuthorId, SenderName = write.AuthorName,
            Nature = write.IsAutomatic ? MessageNature.Automatic : MessageNature.Person, Details = write.Details,
        }, write.Content, channel);
        return isNote ? Note(thread, message with { Nature = MessageNature.Note, SentAt = now }, write.By, now)
            : write.Dispatch is not { } dispatch ? Drafted(thread, AsDraft(message, thread, write.Content, setting))
            : Queue(thread, null, AsDraft(message, thread, write.Content, setting), dispatch, setting, now);
    }

    private static CommunicationMessage Filled(CommunicationMessage message, MessageContent content, ChannelType channel) => message with
    {
        BodyText = PlainText.TidyLinesOrNull(content.BodyText) ?? (content.BodyHtml is { } html ? HtmlText.Of(html) : null),
        BodyHtml = content.BodyHtml,
        ShownHtml = content.BodyHtml is { } written ? HtmlMail.Sanitize(written, static _ => null).Html : null,
        Subject = PlainText.TidyOrNull(content.Subject),
        RecipientEmails = Addresses(content.RecipientEmails, channel),
        CcEmails = Addresses(content.CcEmails, channel),
        BccEmails = Addresses(content.BccEmails, channel),
        Mentions = [.. (content.Mentions ?? []).Distinct()],
    };

    private static string[] Addresses(IReadOnlyList<string>? addresses, ChannelType channel) =>
        [.. (addresses ?? []).Select(address => MessageContentRules.Address(address, channel)).Distinct(StringComparer.Ordinal)];

    // A draft has all that its sending needs, as far as it is known; what is still missing is refused when it is sent.
    private static CommunicationMessage AsDraft(CommunicationMessage message, CommunicationThread thread, MessageContent content, MessageSetting setting)
    {
        var channel = ChannelOf(thread);
        var customer = thread.CustomerAddress ?? setting.CustomerAddress;
        var sender = setting.Account?.Address;
        return message with
        {
            Direction = MessageDirection.Outbound,
            Status = MessageStatus.Draft,
            Delivery = new(),
            ChannelAccountId = setting.Account?.Id,
            RecipientEmails = message.RecipientEmails.Count > 0 ? message.RecipientEmails : customer is null ? [] : [MessageContentRules.Address(customer, channel)],
            Subject = channel != ChannelType.Email ? null : message.Subject ?? AnswerSubject(thread),
            SenderEmail = channel == ChannelType.Email ? sender?.ToLowerInvariant() : null,
            SenderName = setting.Account?.Name ?? message.SenderName,
            CounterpartKey = channel is ChannelType.Sms or ChannelType.Whatsapp ? content.RecipientEmails is [var one] ? MessageContentRules.Address(one, channel) : customer : null,
            // Known before it leaves, so that an answer finds its thread even where the provider's word was lost.
            ExternalMessageId = channel == ChannelType.Email && sender is not null ? $"{message.Id:n}.{thread.Id:n}@{sender[(sender.LastIndexOf('@') + 1)..].ToLowerInvariant()}" : null,
        };
    }

    private static string? AnswerSubject(CommunicationThread thread) =>
        (thread.AnswerSubject ?? thread.Subject) is not { } subject ? null : thread.MessageCount == 0 ? subject : $"Re: {MailSubject.Base(subject)}";

    private static Result<Outcome<CommunicationThread>> Note(CommunicationThread thread, CommunicationMessage note, Guid? by, DateTimeOffset now) =>
        ThreadArrivals.Add(thread, new(ArrivalKind.Note, now, by), now).Map(arrived => Placed(thread, arrived, null, note));

    private static Outcome<CommunicationThread> Drafted(CommunicationThread thread, CommunicationMessage draft) => new(thread) { Parts = [Change(null, draft)] };

    private static Result<Outcome<CommunicationThread>> Edit(CommunicationThread thread, CommunicationMessage draft, EditDraft edit, MessageSetting setting)
    {
        var channel = ChannelOf(thread);
        if (draft.Status != MessageStatus.Draft)
        {
            return NotADraft();
        }

        if (MessageContentRules.Check(edit.Content, channel, isNote: false, isDraft: true) is { } fault)
        {
            return fault;
        }

        var after = AsDraft(Filled(draft, edit.Content, channel), thread, edit.Content, setting) with { ExternalMessageId = draft.ExternalMessageId };
        return MessageKind.Rows.Same(draft, after) ? Outcome.Unchanged(thread) : new Outcome<CommunicationThread>(thread) { Parts = [Change(draft, after)] };
    }

    private static Result<Outcome<CommunicationThread>> Queue(
        CommunicationThread thread, CommunicationMessage? before, CommunicationMessage draft, MessageDispatch dispatch, MessageSetting setting, DateTimeOffset now)
    {
        // Neither a note nor what came in can leave, whatever is asked.
        if (draft.Direction != MessageDirection.Outbound || draft.Status != MessageStatus.Draft)
        {
            return new TransitionRefused("send", StatusOf(draft), WireText.Of(MessageStatus.Queued), [], []);
        }

        var (channel, by) = (ChannelOf(thread), ByOf(draft));
        var rival = thread.QueuedReplies.FirstOrDefault(reply => reply.By != by && reply.SendAt <= now + DeliveryRules.UndoTime);
        var refusal = (dispatch.Anyway ? ArchivedOrNull(thread) : ThreadRules.CheckReply(thread, dispatch.BasedOn ?? thread.LastPosition, by))
            ?? (rival is not null && !dispatch.Anyway
                ? new Conflict("answered_meanwhile", "Somebody else's answer is on its way out: read it, and send yours again with anyway if it is still needed.")
                : null)
            ?? Unsendable(draft, channel, dispatch, setting, now);
        if (refusal is not null)
        {
            return refusal;
        }

        var isAutomatic = draft.Nature == MessageNature.Automatic;
        return DeliveryRules.Queue(draft.Delivery ?? new(), dispatch.SendAt, now, isAutomatic).Map(delivery =>
        {
            var queued = Delivered(draft, delivery);
            // What the program says by itself is no colleague's answer that others should wait for.
            var reached = Reached(thread, queued, channel);
            var after = isAutomatic ? reached : reached with
            {
                QueuedReplies = [.. thread.QueuedReplies.Where(reply => reply.MessageId != draft.Id), new(draft.Id, by, delivery.SendAt!.Value)],
            };
            return ThreadOutcomes.Of(thread, after, null) with
            {
                Parts = [Change(before, queued)],
                Announced = [Told("message_queued", queued)],
                Then = [Sending(queued)],
            };
        });
    }

    // Text messages name no conversation: their answer finds its thread by the account and the number that the first one went to.
    private static CommunicationThread Reached(CommunicationThread thread, CommunicationMessage queued, ChannelType channel) =>
        channel is not (ChannelType.Sms or ChannelType.Whatsapp) ? thread : thread with
        {
            ChannelAccountId = thread.ChannelAccountId ?? queued.ChannelAccountId,
            CustomerAddress = thread.CustomerAddress ?? queued.RecipientEmails[0],
        };

    private static Error? Unsendable(CommunicationMessage draft, ChannelType channel, MessageDispatch dispatch, MessageSetting setting, DateTimeOffset now) =>
        draft.BodyText is null ? Invalid.Field("bodyText", "is required")
        : dispatch.SendAt > now + FurthestSending ? Invalid.Field("sendAt", $"must be within {FurthestSending.Days} days")
        : channel != ChannelType.Portal && draft.RecipientEmails.Count == 0 ? Invalid.Field("recipientEmails", "is required: the thread has no customer's address")
        : channel != ChannelType.Portal && setting.Account?.Address is null
            ? new Conflict("no_channel", "No communication channel is set up for this name and way: nothing could be sent.")
        : Unwanted(draft, channel, setting, dispatch.SendAt > now ? dispatch.SendAt.Value : now);

    /// <summary>Why a message can't leave at a time, UTC; null where it can. That may have changed since a message was queued.</summary>
    private static Conflict? Unwanted(CommunicationMessage message, ChannelType channel, MessageSetting setting, DateTimeOffset at) =>
        setting.OptedOut ? new Conflict("opted_out", "The receiver asked for no more messages through this channel.")
        // What WhatsApp approved may be sent at any time.
        : channel == ChannelType.Whatsapp && ProviderTemplate.Of(message) is null && WhatsappRules.CheckFreeText(setting.LastInboundAt, at) is { } closed ? closed
        : MessageContentRules.CheckFiles(setting.Files, channel);

    private static Conflict? ArchivedOrNull(CommunicationThread thread) => thread.Status == ThreadStatus.Archived
        ? new Conflict("archived", "An archived thread takes no more messages; begin a new one.")
        : null;

    private static Result<Outcome<CommunicationThread>> Cancel(CommunicationThread thread, CommunicationMessage queued, DateTimeOffset now) =>
        queued.Position is not null || queued.Delivery is null
            ? new TransitionRefused("cancel", StatusOf(queued), WireText.Of(MessageStatus.Draft), [], [])
            : DeliveryRules.Cancel(queued.Delivery, now).Map(delivery =>
            {
                var draft = Delivered(queued, delivery);
                return new Outcome<CommunicationThread>(Unqueued(thread, queued.Id))
                {
                    Parts = [Change(queued, draft)],
                    Announced = [Told("message_withdrawn", draft)],
                    Withdrawn = [SendKey(queued.Id)],
                };
            });

    private static Result<Outcome<CommunicationThread>> Begin(CommunicationThread thread, CommunicationMessage due, MessageSetting setting, DateTimeOffset now)
    {
        var begun = Unwanted(due, ChannelOf(thread), setting, now) is { } unwanted
            ? DeliveryRules.Stop(due.Delivery ?? new(), unwanted.Code, unwanted.Detail, now)
            : DeliveryRules.Begin(due.Delivery ?? new(), now);
        if (!begun.Succeeded)
        {
            return begun.Error;
        }

        // The mail that is tried again is the one that was tried before.
        var handed = Delivered(due, begun.Value) with { SentAt = due.SentAt ?? now, Attachments = due.Position is null ? setting.Files : due.Attachments };
        if (due.Position is not null)
        {
            return new Outcome<CommunicationThread>(thread) { Parts = [Change(due, handed)], Announced = [Changed(handed)] };
        }

        var kind = due.Nature == MessageNature.Automatic ? ArrivalKind.AutomaticReply : ArrivalKind.Reply;
        return ThreadArrivals.Add(Unqueued(thread, due.Id), new(kind, now, ByOf(due)), now).Map(arrived => Placed(thread, arrived, due, handed));
    }

    private static Result<Outcome<CommunicationThread>> Retry(CommunicationThread thread, CommunicationMessage stopped, MessageSetting setting, DateTimeOffset now) =>
        Unwanted(stopped, ChannelOf(thread), setting, now) is { } unwanted ? unwanted : DeliveryRules.Retry(stopped.Delivery ?? new(), now).Map(delivery =>
        {
            var queued = Delivered(stopped, delivery);
            return new Outcome<CommunicationThread>(thread) { Parts = [Change(stopped, queued)], Announced = [Changed(queued)], Then = [Sending(queued)] };
        });

    private static Result<Outcome<CommunicationThread>> Report(
        CommunicationThread thread, CommunicationMessage ours, DeliveryReport report, string? providerId, DateTimeOffset now)
    {
        if (ours.Delivery is not { } known)
        {
            return new Conflict("not_ours", "Nothing is reported of a message that we did not send.");
        }

        var delivery = DeliveryRules.Apply(known, report, ChannelOf(thread));
        // A mail service that has an id of a mail took it, and some of its receivers may have it: only a person sends that again.
        var isTaken = ChannelOf(thread) == ChannelType.Email && (providerId is not null || delivery.SentAt is not null || delivery.DeliveredAt is not null);
        var again = known.Status != MessageStatus.Failed && !isTaken ? DeliveryRules.RetriesAt(delivery) : null;
        var after = again is { } at && DeliveryRules.Retry(delivery, at > now ? at : now) is { Succeeded: true } retried
            ? Delivered(ours, retried.Value)
            : Delivered(ours, delivery);
        after = providerId is null || providerId == ours.ExternalMessageId ? after
            : ours.ExternalMessageId is null ? after with { ExternalMessageId = providerId }
            : after with { ProviderMessageId = providerId };
        return MessageKind.Rows.Same(ours, after) ? Outcome.Unchanged(thread) : new Outcome<CommunicationThread>(thread)
        {
            Parts = [Change(ours, after)],
            Announced = [Changed(after)],
            Then = again is null ? [] : [Sending(after)],
        };
    }

    private static Result<Outcome<CommunicationThread>> Move(CommunicationThread thread, CommunicationMessage moved, MoveMessage move, MessageSetting setting)
    {
        if (moved.Position is not { } position || moved.Nature == MessageNature.Moved)
        {
            return new Conflict("not_movable", "Only what has its place in the thread can be moved.");
        }

        // It is sent, and what becomes of it is told, through the thread that it was handed over by.
        if (moved is { Direction: MessageDirection.Outbound, Status: MessageStatus.Queued or MessageStatus.Uncertain })
        {
            return new Conflict("still_sending", "The message is on its way out: move it when it is known what became of it.");
        }

        if (move.ToThreadId == thread.Id)
        {
            return Invalid.Field("toThreadId", "must be another thread");
        }

        var mark = new CommunicationMessage
        {
            Id = NameBasedId.Of($"{moved.Id}/moved/{thread.Id}/{position}"), ThreadId = thread.Id, CreatedAt = moved.CreatedAt, Position = position,
            Nature = MessageNature.Moved, SentAt = moved.SentAt, MovedThreadId = move.ToThreadId,
        };
        var after = thread with
        {
            MessageCount = Math.Max(0, thread.MessageCount - 1), FirstMessageAt = setting.Others.First, LastMessageAt = setting.Others.Last,
        };
        return ThreadOutcomes.Of(thread, after, null) with
        {
            Parts = [Change(moved, moved with { ThreadId = move.ToThreadId, Position = null, MovedThreadId = thread.Id }), Change(null, mark)],
            Announced = [new("message_moved", state => new { messageId = moved.Id, position, toThreadId = move.ToThreadId, state.MessageCount, state.Version })],
            Then = [new DueCommand(move.ToThreadId, new TakeMovedMessage(moved.Id))],
            Summary = PlainText.TidyOrNull(move.Reason),
        };
    }

    private static Result<Outcome<CommunicationThread>> TakeMoved(CommunicationThread thread, CommunicationMessage moved, DateTimeOffset now)
    {
        if (moved.Position is not null)
        {
            return Outcome.Unchanged(thread);
        }

        // Whoever moves it decides what is to be done: clocks and status are of what comes from outside.
        return ThreadArrivals.Add(thread, new(ArrivalKind.Note, moved.SentAt ?? now, moved.SenderContactId, null, moved.Flags), now)
            .Map(arrived => Placed(thread, arrived, moved, moved));
    }

    private static Outcome<CommunicationThread> Placed(CommunicationThread thread, Arrived arrived, CommunicationMessage? before, CommunicationMessage message)
    {
        var placed = message with { Position = arrived.Position };
        return ThreadOutcomes.Of(thread, arrived.Thread, null) with
        {
            Parts = [Change(before, placed)],
            Announced =
            [
                Added(placed),
                .. placed.Mentions.Count > 0
                    ? [new Announcement<CommunicationThread>("mentioned", _ => new { messageId = placed.Id, contactIds = placed.Mentions })]
                    : Array.Empty<Announcement<CommunicationThread>>(),
            ],
        };
    }

    private static Outcome<CommunicationThread> Timed(CommunicationThread before, Outcome<CommunicationThread> outcome, MessageSetting setting) =>
        before.FirstReplyAt is null && before.WaitingSince is { } waiting && outcome.After is { FirstReplyAt: { } reply } after
            ? outcome with { After = after with { FirstReplyMinutes = setting.Calendar.MinutesBetween(waiting, reply) } }
            : outcome;

    private static CommunicationThread Unqueued(CommunicationThread thread, Guid message) =>
        thread with { QueuedReplies = [.. thread.QueuedReplies.Where(reply => reply.MessageId != message)] };

    private static CommunicationMessage Delivered(CommunicationMessage message, MessageDelivery delivery) =>
        message with { Delivery = delivery, Status = delivery.Status };

    // For one thread they leave in the order in which they were queued.
    private static DueCommand Sending(CommunicationMessage message) =>
        new(message.ThreadId, new SendMessage(message.Id)) { At = message.Delivery!.SendAt, Key = SendKey(message.Id) };

    private static string SendKey(Guid message) => $"message-send:{message}";

    private static PartChange<CommunicationMessage> Change(CommunicationMessage? before, CommunicationMessage? after) =>
        new(MessageKind.Rows, before, after, MessageKind.Findable);

    private static Announcement<CommunicationThread> Added(CommunicationMessage message) => Told("message_added", message);

    private static Announcement<CommunicationThread> Changed(CommunicationMessage message) => Told("message_changed", message);

    // Nothing of what it says: who may read that, reads it.
    private static Announcement<CommunicationThread> Told(string name, CommunicationMessage message) => new(name, thread => new
    {
        messageId = message.Id, message.Position, message.Nature, message.Direction, message.Status, message.SentAt, message.Delivery?.SendAt,
        message.Delivery?.ErrorCode, message.AuthorId, message.SenderContactId, thread.Subject, thread.Channel, thread.MessageCount, thread.WaitingSince,
        thread.AssignedToContactId, thread.Version,
    });

    private static Guid ByOf(CommunicationMessage message) => message.SenderContactId ?? message.AuthorId ?? Guid.Empty;

    private static ChannelType ChannelOf(CommunicationThread thread) => thread.Channel ?? ChannelType.Internal;

    private static string StatusOf(CommunicationMessage message) => message.Status is { } status ? WireText.Of(status) : "none";

    private static Conflict NotADraft() => new("not_a_draft", "It is no draft any more: take it back first, as long as that is possible.");
}
