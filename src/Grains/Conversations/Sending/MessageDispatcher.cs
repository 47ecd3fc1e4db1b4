using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Conversations.Sending;

/// <summary>
/// Sends what is due. The thread notes that a message is handed over before it is; from there on its outcome is unknown until it is
/// known. So a host that dies at any point leaves a message that was certainly not sent, or one of which nobody says that it was not:
/// the latter is looked for, and else left to a person. None is sent twice by the program.
/// </summary>
internal sealed partial class MessageDispatcher(
    IEnumerable<IMessageSender> senders, MessageStore messages, OutgoingFiles files, TrackingLinks links, DeliveryReports reports, NpgsqlDataSource source, IGrainFactory grains,
    TimeProvider time, ILogger<MessageDispatcher> logger)
    : IDueCommandHandler<SendMessage>
{
    private const int MostReferences = 20;

    private const string SelectBefore = """
        SELECT external_message_id, direction = 'inbound' FROM communication_message
        WHERE thread_id = $1 AND external_message_id IS NOT NULL AND position < $2 AND nature IN ('person', 'automatic', 'list')
        ORDER BY position
        """;

    // Beside its own ids: a provider tells messages to one receiver apart by nothing else.
    private const string SelectKnownIds = """
        SELECT known.id FROM communication_message m, unnest(ARRAY[m.external_message_id, m.provider_message_id]) AS known(id)
        WHERE known.id IS NOT NULL AND (m.id = $1 OR (m.thread_id IN (
            SELECT t.id FROM communication_thread t WHERE t.customer_address = ANY ($2) UNION SELECT $3) AND m.direction = 'outbound'))
        """;

    private readonly Dictionary<ChannelType, IMessageSender> _senders = senders.ToDictionary(sender => sender.Channel);

    public async Task<Error?> CarryOutAsync(Guid targetId, SendMessage command, CommandContext context, CancellationToken cancellation)
    {
        var thread = grains.GetGrain<IEntityGrain<CommunicationThread>>(targetId);
        // An id of its own each time: that the message is under way already must be told from that this host has just begun.
        var begun = await thread.ExecuteAsync(new BeginSending(command.MessageId), Own(context));
        if (begun.Error is TryAgain later)
        {
            return later;
        }

        if (await messages.FindAsync(command.MessageId, cancellation) is not { } message)
        {
            return null;
        }

        if (message.Status != MessageStatus.Uncertain)
        {
            // Taken back, sent at another time, done, or no longer wanted: whoever changed it has seen to the rest.
            return null;
        }

        var outgoing = await OutgoingAsync(await links.WithTokenAsync(message, cancellation), cancellation) with { Template = await TemplateAsync(message, cancellation) };
        var result = begun.Succeeded ? await SendAsync(outgoing, cancellation) : await FindAsync(outgoing, cancellation);
        if (begun.Succeeded && result is Unknown)
        {
            result = await FindAsync(outgoing, cancellation);
        }

        if (result is null || ReportOf(result) is not { } report)
        {
            return null;
        }

        var told = await thread.ExecuteAsync(new ReportDelivery(message.Id, report, (result as Taken)?.ProviderId), Own(context));
        // A provider's report may have been quicker than its answer.
        return told.Error ?? (ChannelOf(outgoing) is { } channel && await messages.FindAsync(message.Id, cancellation) is { } known
            ? await reports.ApplyKeptAsync(channel, known, Own(context), cancellation)
            : null);
    }

    private CommandContext Own(CommandContext context) => context with { CommandId = Guid.CreateVersion7(time.GetUtcNow()), MayRepeat = false };

    private async Task<SendingResult> SendAsync(OutgoingMessage outgoing, CancellationToken cancellation)
    {
        if (Sender(outgoing) is not { } sender)
        {
            return new Refused("no_sender", "No sender is set up for this channel.", DeliveryFate.ChannelBroken);
        }

        var read = sender.Channel == ChannelType.Email ? await files.ReadAsync(outgoing.Message, cancellation) : Array.Empty<OutgoingFile>();
        if (!read.Succeeded)
        {
            // Nothing was handed over: a mail without what it speaks of is not the mail that was written.
            return new Refused(
                read.Error is TryAgain ? "files_unavailable" : "file_missing", read.Error.Detail, read.Error is TryAgain ? DeliveryFate.Again : DeliveryFate.Final);
        }

        try
        {
            return await sender.SendAsync(outgoing with { Files = read.Value }, cancellation);
        }
#pragma warning disable CA1031 // Whatever it was, the message may have left: it must not be tried again as if it had not.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogUnknown(logger, outgoing.Message.Id, fault);
            return new Unknown(fault.Message);
        }
    }

    private async Task<SendingResult?> FindAsync(OutgoingMessage outgoing, CancellationToken cancellation)
    {
        try
        {
            return Sender(outgoing) is { } sender
                ? await sender.FindAsync(outgoing with { KnownIds = await KnownIdsAsync(outgoing.Message, cancellation) }, cancellation)
                : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException && !cancellation.IsCancellationRequested)
        {
            // Who can't be asked tells nothing: a person decides.
            LogUnknown(logger, outgoing.Message.Id, fault);
            return null;
        }
    }

    private IMessageSender? Sender(OutgoingMessage outgoing) => ChannelOf(outgoing) is { } channel ? _senders.GetValueOrDefault(channel) : null;

    private DeliveryReport? ReportOf(SendingResult result) => result switch
    {
        Taken taken => new(taken.Status, time.GetUtcNow()),
        Refused refused => new(MessageStatus.Failed, time.GetUtcNow(), refused.Code, refused.Text, refused.Fate),
        _ => null,
    };

    private async Task<OutgoingMessage> OutgoingAsync(CommunicationMessage message, CancellationToken cancellation)
    {
        var account = message.ChannelAccountId is { } id ? await messages.AccountAsync(id, ChannelType.Portal, null) : null;
        var (references, answered) = (new List<string>(), (string?)null);
        await using var command = source.CreateCommand(SelectBefore);
        command.Parameters.Add(Sql.Uuid(message.ThreadId));
        command.Parameters.Add(Sql.Integer(message.Position ?? int.MaxValue));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            references.Add(row.GetString(0));
            answered = row.GetBoolean(1) ? row.GetString(0) : answered;
        }

        // The first names the conversation, the newest are what mail programs look at.
        IReadOnlyList<string> kept = references.Count <= MostReferences ? references : [references[0], .. references.TakeLast(MostReferences - 1)];
        return new(message, account, kept, answered ?? (references is [.., var newest] ? newest : null));
    }

    private async Task<HashSet<string>> KnownIdsAsync(CommunicationMessage message, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectKnownIds);
        command.Parameters.Add(Sql.Uuid(message.Id));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, message.RecipientEmails.ToArray()));
        command.Parameters.Add(Sql.Uuid(message.ThreadId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        HashSet<string> ids = new(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            ids.Add(row.GetString(0));
        }

        return ids;
    }

    // Within the window the text is sent as it is: templates cost money.
    private async Task<ProviderTemplate?> TemplateAsync(CommunicationMessage message, CancellationToken cancellation)
    {
        if (ProviderTemplate.Of(message) is not { } template
            || WhatsappRules.CheckFreeText(await messages.LastInboundAsync(message.ThreadId), time.GetUtcNow()) is null)
        {
            return null;
        }

        List<string> parameters = [];
        foreach (var parameter in template.Parameters)
        {
            parameters.Add((await links.WithTokenAsync(message with { BodyText = parameter }, cancellation)).BodyText!);
        }

        return template with { Parameters = parameters };
    }

    private static ChannelType? ChannelOf(OutgoingMessage outgoing) => outgoing.From?.Channel
        ?? (outgoing.Message.ChannelAccountId is null ? ChannelType.Portal : null);

    [LoggerMessage(LogLevel.Warning, "Whether message {Message} left is unknown")]
    private static partial void LogUnknown(ILogger logger, Guid message, Exception fault);
}
