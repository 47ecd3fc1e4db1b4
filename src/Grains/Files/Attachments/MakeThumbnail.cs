using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Files.Attachments;

/// <summary>Makes the thumbnail of a picture.</summary>
[Alias("attachment.make-thumbnail")]
internal sealed record MakeThumbnail;

/// <summary>Takes what was found out about a picture.</summary>
/// <param name="StoredName">The thumbnail's name in the store; null where none could be made.</param>
/// <param name="Width">The picture's width in pixels.</param>
/// <param name="Height">The picture's height in pixels.</param>
[GenerateSerializer, Immutable, Alias("attachment.take-thumbnail")]
internal sealed record TakeThumbnail(string? StoredName, int Width, int Height) : EntityCommand<Attachment>;

/// <summary>Makes thumbnails. A picture that can't be read has none, and nothing is the matter.</summary>
internal sealed class ThumbnailMaker(IFileStore store, Thumbnails thumbnails, IGrainFactory grains) : IDueCommandHandler<MakeThumbnail>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, MakeThumbnail command, CommandContext context, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IEntityGrain<Attachment>>(targetId);
        var found = await grain.GetAsync();
        if (!found.Succeeded || found.Value.ThumbnailName is not null)
        {
            // Deleted in the meantime, or made by somebody who died before this was noted.
            return null;
        }

        var (file, name) = (found.Value, $"{found.Value.StoredName}.thumbnail");
        await using var content = await store.OpenAsync(file.StoredName, 0, file.FileSize, cancellation);
        if (content is null || await thumbnails.MakeAsync(content, file.FileSize, cancellation) is not { } made)
        {
            return null;
        }

        if (made.Image is { } image)
        {
            using var bytes = new MemoryStream(image);
            // What a former try left under the name is in the way of this one.
            await store.DeleteAsync(name, cancellation);
            await store.WriteAsync(name, bytes, cancellation);
        }

        var taken = await grain.ExecuteAsync(new TakeThumbnail(made.Image is null ? null : name, made.Width, made.Height), context);
        if (taken.Error is NotFound)
        {
            await store.DeleteAsync(name, cancellation);
            return null;
        }

        return taken.Error;
    }
}
