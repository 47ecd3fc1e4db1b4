using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using Microsoft.Extensions.Options;

namespace ChargeCars.Files.Attachments;

/// <summary>Takes files in, at once or in pieces, and makes them attachments. What it has acknowledged is in the store.</summary>
internal sealed class AttachmentReception(
    AttachmentFiles files, AttachmentUploads uploads, OwnerScopes scopes, IFileStore store, IGrainFactory grains, IOptions<AttachmentOptions> options, TimeProvider time)
{
    /// <summary>Makes an attachment of bytes that are in the store, or removes them again where it is refused.</summary>
    public async Task<Result<Attachment>> AddAsync(Guid id, NewAttachment made, StoredContent content, CommandContext context)
    {
        var scope = await scopes.FindAsync(made.EntityType, made.EntityId, CancellationToken.None);
        var add = new AddAttachment(
            new AttachmentDetails { FileName = made.FileName, IsPublic = made.IsPublic }, made.EntityType, made.EntityId, scope, content, context.Actor.ContactId, made.SentAs);
        var added = await grains.GetGrain<IEntityGrain<Attachment>>(id).ExecuteAsync(add, context);
        // A fault of the moment may have committed it; the sweep knows more then. A repetition has the first one's bytes.
        if (added.Succeeded ? added.Value.StoredName != content.StoredName : added.Error is not TryAgain)
        {
            await files.DiscardAsync(content.StoredName);
        }

        return added;
    }

    /// <summary>
    /// Takes the next bytes of an upload, a part at a time. A body that breaks off is kept as far as it came. How much of the file is
    /// there after it; a <see cref="Conflict"/> where somebody else has gone on from the same place. Throws
    /// <see cref="FileTooLargeException"/> where more comes than the file has: of the part at which that shows nothing is kept, so that the
    /// file is not made of what its sender did not mean.
    /// </summary>
    public async Task<Result<long>> TakeAsync(AttachmentUpload upload, Stream body)
    {
        var (received, sent) = (upload.Received, new InterruptibleStream(body));
        while (received < upload.Length && !sent.IsOver)
        {
            var name = files.NewName();
            await using var part = new LimitedStream(sent, Math.Min(options.Value.PartBytes, upload.Length - received));
            await store.WriteAsync(name, part, CancellationToken.None);
            if (received + part.Count == upload.Length && await sent.HasMoreAsync())
            {
                await files.DiscardAsync(name);
                throw new FileTooLargeException(upload.Length);
            }

            if (part.Count == 0 || !await uploads.TakeAsync(upload.Id, new(received, part.Count, name), Expiry))
            {
                await files.DiscardAsync(name);
                if (part.Count > 0)
                {
                    return new Conflict("upload_moved", "Somebody else has sent what follows: ask where the upload is (HEAD), and go on from there.");
                }
            }

            received += part.Count;
        }

        return received;
    }

    /// <summary>Makes an attachment of an upload that is all there. May be asked for again, and by several at a time.</summary>
    public async Task<Result<Attachment>> CompleteAsync(AttachmentUpload upload, CommandContext context)
    {
        var grain = grains.GetGrain<IEntityGrain<Attachment>>(upload.Id);
        if ((await grain.GetAsync()) is { Succeeded: true } known)
        {
            await ForgetAsync(upload.Id);
            return known;
        }

        var parts = await uploads.PartsAsync(upload.Id, CancellationToken.None);
        await using var joined = new JoinedStream(store, parts);
        var content = await files.KeepAsync(joined, CancellationToken.None);
        if (content.Size != upload.Length)
        {
            // Another one has completed it, and its parts are gone.
            await files.DiscardAsync(content.StoredName);
            return await grain.GetAsync() is { Succeeded: true } other ? other : new TryAgain("The file is being completed. Ask again.");
        }

        var added = await AddAsync(
            upload.Id, new(upload.EntityType, upload.EntityId, upload.FileName, upload.SentAs, upload.IsPublic), content,
            context with { CommandId = NameBasedId.Of($"attachment-upload/{upload.Id}"), MayRepeat = true });
        if (added.Succeeded)
        {
            await ForgetAsync(upload.Id);
        }

        return added;
    }

    /// <summary>When an upload is forgotten that got something now.</summary>
    public DateTimeOffset Expiry => time.GetUtcNow() + options.Value.UploadLifetime;

    private async Task ForgetAsync(Guid upload)
    {
        foreach (var name in await uploads.CompleteAsync(upload, time.GetUtcNow()))
        {
            await files.DiscardAsync(name);
        }
    }
}

/// <summary>What a sender says of a file.</summary>
/// <param name="EntityType">The kind of entity that it is to belong to.</param>
/// <param name="EntityId">That entity.</param>
/// <param name="FileName">Its name, fit to keep.</param>
/// <param name="SentAs">The name that it was sent with, where that is another.</param>
/// <param name="IsPublic">Whether everybody may read it.</param>
internal sealed record NewAttachment(AttachmentOwner EntityType, Guid EntityId, string FileName, string? SentAs, bool IsPublic);
