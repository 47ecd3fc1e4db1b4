namespace ChargeCars.Platform.FileStorage;

/// <summary>
/// Where the bytes of files are. A file is there as a whole or not at all, whatever dies while it is written, and never changes.
/// Where the store does not answer, or can't take more, every method throws <see cref="StorageUnavailableException"/>.
/// </summary>
public interface IFileStore
{
    /// <summary>
    /// Keeps what the stream has, to its end, under a name that was not used before; safe when it answers. What reading the stream
    /// throws comes through, and nothing is kept.
    /// </summary>
    Task WriteAsync(string name, Stream content, CancellationToken cancellation);

    /// <summary>A part of a file; null where there is no such file.</summary>
    /// <param name="name">The file.</param>
    /// <param name="from">The first byte, within the file.</param>
    /// <param name="length">How many bytes are wanted, at least one; the stream may have more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<Stream?> OpenAsync(string name, long from, long length, CancellationToken cancellation);

    /// <summary>Removes a file; nothing happens where there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>The files below a folder that were last written before a time, UTC.</summary>
    IAsyncEnumerable<string> ListAsync(string folder, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Removes what was begun before a time, UTC, and never finished. How much that was.</summary>
    Task<int> DiscardUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation);
}
