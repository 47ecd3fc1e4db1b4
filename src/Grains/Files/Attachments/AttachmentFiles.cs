using ChargeCars.Platform.FileStorage;
using Microsoft.Extensions.Options;

namespace ChargeCars.Files.Attachments;

/// <summary>Puts the bytes of attachments into the store, measured as they pass.</summary>
internal sealed class AttachmentFiles(IFileStore store, IOptions<AttachmentOptions> options, TimeProvider time)
{
    /// <summary>The folder of the store that is all attachments'.</summary>
    public const string Folder = "attachments";

    /// <summary>A name that nothing has. The month makes folders that a person can look through.</summary>
    public string NewName()
    {
        var now = time.GetUtcNow();
        return $"{Folder}/{now:yyyy-MM}/{Guid.CreateVersion7(now):n}";
    }

    /// <summary>Keeps a stream to its end under a new name.</summary>
    /// <exception cref="FileTooLargeException">It has more bytes than a file may have; nothing is kept.</exception>
    /// <exception cref="StorageUnavailableException">The store does not serve; nothing is kept.</exception>
    public async Task<StoredContent> KeepAsync(Stream content, CancellationToken cancellation)
    {
        var name = NewName();
        await using var measured = new MeasuredStream(content, options.Value.MostBytes);
        await store.WriteAsync(name, measured, cancellation);
        var (type, sort) = FileContent.Of(measured.Head);
        return new(name, (int)measured.Size, measured.Sha256(), type, sort);
    }

    /// <summary>Removes what no row came to name. What the store does not remove now, the sweep does.</summary>
    public async Task DiscardAsync(string name)
    {
        try
        {
            await store.DeleteAsync(name, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The sweep finds it.
        }
    }
}
