using ChargeCars.Api.Identity;
using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>Uploads as requests ask for them: only by who began them, and only while they see what the file is for.</summary>
internal sealed class UploadRequests(
    AttachmentUploads uploads, AttachmentReception reception, AttachmentFiles files, AttachmentOwners owners, IGrainFactory grains, IOptions<AttachmentOptions> options,
    TimeProvider time)
{
    /// <summary>Begins one, or finds the one that this very request began before.</summary>
    public async Task<Result<AttachmentUpload>> MakeAsync(Guid id, Tus.Creation asked, Caller caller, CancellationToken cancellation)
    {
        var (now, file) = (time.GetUtcNow(), asked.File);
        var upload = new AttachmentUpload(
            id, caller.Key, file.EntityType, file.EntityId, file.FileName, file.SentAs, file.IsPublic, asked.Length, Received: 0, reception.Expiry, IsComplete: false);
        return await uploads.MakeAsync(upload, now, options.Value.MostUploads, cancellation)
            ? upload
            : await uploads.FindAsync(id, caller.Key, now, cancellation) is { } known ? known
            : new Conflict("too_many_uploads", $"You have {options.Value.MostUploads} uploads under way: finish some, or give them up.");
    }

    /// <summary>One that the caller began, and whose entity they see. One that is complete is there as long as its attachment.</summary>
    public async Task<Result<AttachmentUpload>> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        await uploads.FindAsync(id, caller.Key, time.GetUtcNow(), cancellation) is { } upload
            && await owners.RefuseAsync(upload.EntityType, upload.EntityId, caller, cancellation) is null
            && (!upload.IsComplete || (await grains.GetGrain<IEntityGrain<Attachment>>(id).GetAsync()).Error is not NotFound)
            ? upload
            : new NotFound("upload", id.ToString());

    /// <summary>Takes what follows; the upload as it is then. Throws <see cref="FileTooLargeException"/>.</summary>
    public async Task<Result<AttachmentUpload>> TakeAsync(AttachmentUpload upload, Stream body)
    {
        var received = await reception.TakeAsync(upload, body);
        return received.Succeeded ? upload with { Received = received.Value, ExpiresAt = reception.Expiry } : received.Error;
    }

    /// <summary>Makes an attachment of it where all of it is there and it is none yet; null where nothing stands in the way.</summary>
    public async Task<Error?> CompleteAsync(AttachmentUpload upload, HttpContext http) =>
        upload.IsComplete || upload.Received < upload.Length ? null : (await reception.CompleteAsync(upload, RequestOrigin.Context(http, time))).Error;

    /// <summary>Gives one up.</summary>
    public async Task<Error?> EndAsync(AttachmentUpload upload, CancellationToken cancellation)
    {
        if (await uploads.RemoveAsync(upload.Id, cancellation) is not { } names)
        {
            return new Conflict("upload_complete", $"It is complete: delete the attachment {upload.Id}.");
        }

        foreach (var name in names)
        {
            await files.DiscardAsync(name);
        }

        return null;
    }
}
