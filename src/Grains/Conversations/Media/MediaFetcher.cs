using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Conversations.Media;

/// <summary>
/// Brings what came with a short message from its provider into the store of files, where it is an attachment of the message. Asked for
/// again, after a crash too, it is the same file. What the provider has no more is said on the message, and nobody waits for it.
/// </summary>
internal sealed partial class MediaFetcher(
    MediaSources sources, MessageStore messages, AttachmentFiles files, AttachmentReception reception, IGrainFactory grains, ILogger<MediaFetcher> logger)
    : IDueCommandHandler<FetchMedia>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, FetchMedia command, CommandContext context, CancellationToken cancellation)
    {
        if (await messages.FindAsync(command.MessageId, cancellation) is not { } message
            || message.Attachments.ElementAtOrDefault(command.Number) is not { State: MediaState.Awaited } awaited)
        {
            // It is here, or was erased.
            return null;
        }

        var id = MessageDecider.FileIdOf(message.Id, command.Number);
        // A host that died after the file was there, and before the message knew.
        var known = await grains.GetGrain<IEntityGrain<Attachment>>(id).GetAsync();
        var file = known.Succeeded ? known : await FetchAsync(message, command.Number, awaited, id, context, cancellation);
        var settled = file switch
        {
            { Succeeded: true, Value: { } there } => new SettleMedia(message.Id, command.Number, there.Id, there.MimeType, there.FileSize, there.Sha256, null),
            { Error: TryAgain } => null,
            _ => new SettleMedia(message.Id, command.Number, null, null, 0, null, StorableText.Cut(file.Error!.Detail, 300)),
        };
        if (settled is null)
        {
            return file.Error;
        }

        var told = await grains.GetGrain<IEntityGrain<CommunicationThread>>(message.ThreadId)
            .ExecuteAsync(settled, context with { CommandId = NameBasedId.Of($"{id}/settled"), MayRepeat = true });
        return told.Error is NotFound ? new TryAgain("The message was moved at this moment.") : told.Error;
    }

    private async Task<Result<Attachment>> FetchAsync(
        CommunicationMessage message, int number, MessageAttachment awaited, Guid id, CommandContext context, CancellationToken cancellation)
    {
        StoredContent content;
        try
        {
            var opened = await sources.OpenAsync(message, number, cancellation);
            if (!opened.Succeeded)
            {
                LogNotFetched(logger, message.Id, number, opened.Error.Detail);
                return opened.Error;
            }

            using var media = opened.Value;
            content = await files.KeepAsync(media.Content, cancellation);
            if (media.Sha256 is { } told && !told.Equals(content.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                await files.DiscardAsync(content.StoredName);
                return new TryAgain("What came is not what the provider says it sent.", 60);
            }
        }
        catch (FileTooLargeException)
        {
            return new Conflict("media_too_large", "It is larger than a file may be.");
        }
        catch (MediaTooLargeException fault)
        {
            return new Conflict("media_too_large", fault.Message);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or StorageUnavailableException
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNotFetched(logger, message.Id, number, fault.Message);
            return new TryAgain("The provider did not hand it over.", 15);
        }

        var sentAs = awaited.OriginalFileName == awaited.FileName ? null : awaited.OriginalFileName;
        return await reception.AddAsync(
            id, new(AttachmentOwner.CommunicationMessage, message.Id, awaited.FileName, sentAs, false), content,
            context with { CommandId = NameBasedId.Of($"{id}/file"), MayRepeat = true, Actor = Actor.System });
    }

    [LoggerMessage(LogLevel.Warning, "Media {Number} of message {Message} was not fetched: {Reason}")]
    private static partial void LogNotFetched(ILogger logger, Guid message, int number, string reason);
}
