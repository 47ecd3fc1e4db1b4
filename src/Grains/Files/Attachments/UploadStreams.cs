using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Files.Attachments;

/// <summary>A request's body that may break off: that is its end then, as what came before is worth keeping.</summary>
internal sealed class InterruptibleStream(Stream body) : ReadOnlyStream
{
    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool IsOver { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsOver)
        {
            return 0;
        }

        var read = 0;
        try
        {
            read = await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The client went away, or was so slow that the server cut it off.
        }

        IsOver = read == 0 && buffer.Length > 0;
        return read;
    }

    /// <summary>Whether more comes, once all has been read that there may be.</summary>
    public async Task<bool> HasMoreAsync() => await ReadAsync(new byte[1]) > 0;
}

/// <summary>The next bytes of a stream, up to a number.</summary>
internal sealed class LimitedStream(Stream inner, long most) : ReadOnlyStream
{
    /// <summary>How many were read.</summary>
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, most - Count);
        var read = wanted == 0 ? 0 : await inner.ReadAsync(buffer[..wanted], cancellationToken);
        Count += read;
        return read;
    }
}

/// <summary>The parts of an upload, one after another. A part that is gone ends it.</summary>
internal sealed class JoinedStream(IFileStore store, IReadOnlyList<UploadPart> parts) : ReadOnlyStream
{
    private int _next;
    private Stream? _part;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_part is not null || _next < parts.Count)
        {
            if (_part is null)
            {
                var part = parts[_next++];
                if (await store.OpenAsync(part.StoredName, 0, part.Length, cancellationToken) is not { } opened)
                {
                    _next = parts.Count;
                    return 0;
                }

                _part = opened;
            }

            if (await _part.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                return read;
            }

            await _part.DisposeAsync();
            _part = null;
        }

        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_part is not null)
        {
            await _part.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
