using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Intake;

/// <summary>A message that a customer wrote in the portal. What it names exists and was checked.</summary>
internal sealed record PortalMessage
{
    /// <summary>The portal's id of it: whoever hands it in again hands in the same message.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>What a new thread is called.</summary>
    public string? Subject { get; init; }

    /// <summary>The name that was written to.</summary>
    public required BusinessEntity BusinessEntity { get; init; }

    /// <summary>The thread that it answers.</summary>
    public CommunicationThread? Thread { get; init; }

    /// <summary>The order that it is about.</summary>
    public Guid? OrderId { get; init; }

    /// <summary>Who wrote it, where the portal knows the contact.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>Their mail address, lower case; one of these two is there.</summary>
    public string? Email { get; init; }

    /// <summary>As they call themselves.</summary>
    public string? Name { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>
/// Takes the portal's messages in. It knows its customers and may name the thread or the order; who takes no part in that thread begins
/// another one, as on every channel. Nothing is kept beside the message: its format is ours, and all of it is in the message.
/// </summary>
internal sealed class PortalIntake(ThreadLookup lookup, MessageStore messages, NpgsqlDataSource source, IGrainFactory grains, TimeProvider time)
{
    private const int MostLooks = 8;

    // After so many the thread that should be begun is there and is not found by its customer any more.
    private const int LooksForSharedThread = 4;

    private const string SelectOfOrder = """
        SELECT id FROM communication_thread WHERE entity_type = 'order' AND entity_id = $1 AND channel = 'portal' ORDER BY created_at DESC, id LIMIT 20
        """;

    /// <summary>Takes a message; it is on disk when this answers.</summary>
    public async Task<Result<IntakeAnswer>> TakeAsync(PortalMessage said, CommandContext context, CancellationToken cancellation)
    {
        var account = await messages.AccountAsync(said.Thread?.ChannelAccountId, ChannelType.Portal, said.BusinessEntity);
        var sender = said.ContactId ?? await lookup.ContactAsync(said.Email, cancellation);
        var email = said.Email ?? (sender is { } contact ? await messages.AddressOfAsync(contact, ChannelType.Email) : null);
        var key = email ?? sender?.ToString() ?? "";
        string[] addresses = sender is { } person ? [key, person.ToString()] : [key];
        for (var look = 0; look < MostLooks; look++)
        {
            var threads = said.Thread is { } thread ? [thread.Id] : said.OrderId is { } order ? await OfOrderAsync(order, cancellation) : [];
            var isNamed = said.Thread is not null || said.OrderId is not null;
            var incoming = new IncomingMessage(said.ExternalId, HashOf(said, account), key, threads, [], null, HasThreads: isNamed);
            var decision = ThreadMatch.Decide(incoming, await lookup.AskAsync(incoming, account?.Id, ChannelType.Portal, addresses, cancellation));
            if (decision is DuplicateMessage or OwnCopy or AnotherPlace)
            {
                var known = decision is DuplicateMessage same ? same.MessageId : decision is OwnCopy own ? own.MessageId : ((AnotherPlace)decision).MessageId;
                return await KnownAsync(said, known, cancellation);
            }

            var (target, receive) = Receive(said, account, sender, key, email, decision, isShared: look < LooksForSharedThread);
            // Of two who deliver one message at the same moment the second is refused; it looks again, and finds the message.
            var command = context with { CommandId = NameBasedId.Of($"receive/{receive.Message.Id}"), MayRepeat = false };
            var taken = await grains.GetGrain<IEntityGrain<CommunicationThread>>(target).ExecuteAsync(receive, command);
            if (taken.Succeeded && await messages.FindAsync(receive.Message.Id, cancellation) is { } message)
            {
                return message.BodyText == said.Text ? new IntakeAnswer(message.Id, message.ThreadId, false) : Another(said);
            }

            if (taken.Error is not (Conflict { Code: "begun_meanwhile" or "archived" or "exists" or "command_id_used" } or NotFound or null))
            {
                return taken.Error;
            }
        }

        return new TryAgain("Too many messages of this conversation come at once. Send it again.");
    }

    // Without an account of the name's own, its id alone would be that of another name's message too.
    private static string HashOf(PortalMessage said, ChannelAccount? account) => account is null ? WireText.Of(said.BusinessEntity) : "";

    private static Conflict Another(PortalMessage said) =>
        new("other_message", $"The externalId {said.ExternalId} is that of another message, which says something else.", "externalId");

    private async Task<Result<IntakeAnswer>> KnownAsync(PortalMessage said, Guid id, CancellationToken cancellation) =>
        await messages.FindAsync(id, cancellation) is not { } message ? new TryAgain("The message is being taken in. Send it again.")
            : message.BodyText == said.Text ? new IntakeAnswer(message.Id, message.ThreadId, true)
            : Another(said);

    private (Guid Target, ReceiveMessage Receive) Receive(
        PortalMessage said, ChannelAccount? account, Guid? sender, string key, string? email, ThreadDecision decision, bool isShared)
    {
        var now = time.GetUtcNow();
        var message = new CommunicationMessage
        {
            Id = NameBasedId.Of($"message/portal/{WireText.Of(said.BusinessEntity)}/{account?.Id}/{said.ExternalId}"),
            Nature = MessageNature.Person,
            Direction = MessageDirection.Inbound,
            Status = MessageStatus.Delivered,
            SenderContactId = sender,
            SenderEmail = email,
            SenderName = said.Name,
            BodyText = said.Text,
            ExternalMessageId = said.ExternalId,
            ContentHash = HashOf(said, account),
            ChannelAccountId = account?.Id,
            CounterpartKey = key,
            SentAt = said.SentAt < now ? said.SentAt : now,
        };
        if (decision is JoinThread join)
        {
            return (join.ThreadId, new(message with { Flags = join.Flags }));
        }

        var begin = (BeginThread)decision;
        // Two first messages that come at once meet in the same new thread.
        var id = begin.LinkedThreadId is null && isShared
            ? NameBasedId.Of($"thread/portal/{WireText.Of(said.BusinessEntity)}/{said.OrderId?.ToString() ?? key}")
            : NameBasedId.Of($"thread/{message.Id}");
        return (id, new(message with { Flags = begin.Flags })
        {
            LinkedThreadId = begin.LinkedThreadId,
            Begins = new()
            {
                EntityType = said.OrderId is null ? ThreadEntityType.SupportTicket : ThreadEntityType.Order, EntityId = said.OrderId,
                Channel = ChannelType.Portal, Subject = said.Subject ?? said.Name ?? email,
                BusinessEntity = said.BusinessEntity, ChannelAccountId = account?.Id, CustomerContactId = sender,
                CustomerAddress = key,
            },
        });
    }

    private async Task<Guid[]> OfOrderAsync(Guid order, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOfOrder);
        command.Parameters.Add(Sql.Uuid(order));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var threads = new List<Guid>();
        while (await row.ReadAsync(cancellation))
        {
            threads.Add(row.GetGuid(0));
        }

        return [.. threads];
    }
}
