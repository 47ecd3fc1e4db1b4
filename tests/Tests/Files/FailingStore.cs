using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Tests.Files;

/// <summary>When a store fails.</summary>
public enum StoreFault
{
    /// <summary>It serves.</summary>
    None,

    /// <summary>Before anything is written.</summary>
    BeforeWriting,

    /// <summary>In the middle of a file: the disk is full.</summary>
    WhileWriting,

    /// <summary>The file is kept, and the word of it is lost.</summary>
    AfterWriting,

    /// <summary>A file can't be opened.</summary>
    Opening,

    /// <summary>A file breaks off while it is read.</summary>
    Reading,

    /// <summary>Nothing can be taken away.</summary>
    Deleting,

    /// <summary>It does nothing at all.</summary>
    Everything,
}

/// <summary>A store that fails as it is told to.</summary>
internal sealed class FailingStore(IFileStore inner) : IFileStore
{
    public StoreFault Fault { get; set; }

    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
    {
        Fail(StoreFault.BeforeWriting, StoreFault.Everything);
        await inner.WriteAsync(name, Fault == StoreFault.WhileWriting ? new Cut(content, 100_000) : content, cancellation);
        Fail(StoreFault.AfterWriting);
    }

    public async Task<Stream?> OpenAsync(string name, long from, long length, CancellationToken cancellation)
    {
        Fail(StoreFault.Opening, StoreFault.Everything);
        var opened = await inner.OpenAsync(name, from, length, cancellation);
        return Fault == StoreFault.Reading && opened is not null ? new Cut(opened, 1000) : opened;
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        Fail(StoreFault.Deleting, StoreFault.Everything);
        return inner.DeleteAsync(name, cancellation);
    }

    public IAsyncEnumerable<string> ListAsync(string folder, DateTimeOffset before, CancellationToken cancellation)
    {
        Fail(StoreFault.Everything);
        return inner.ListAsync(folder, before, cancellation);
    }

    public Task<int> DiscardUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        Fail(StoreFault.Everything);
        return inner.DiscardUnfinishedAsync(before, cancellation);
    }

    private void Fail(params StoreFault[] faults)
    {
        if (faults.Contains(Fault))
        {
            throw new StorageUnavailableException("The stand-in fails.", new IOException("No space left on device"));
        }
    }

    private sealed class Cut(Stream inner, int at) : ReadOnlyStream
    {
        private int _read;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read >= at)
            {
                throw new StorageUnavailableException("The stand-in fails.", new IOException("No space left on device"));
            }

            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, at - _read)], cancellationToken);
            _read += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
