using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Conversations.Media;

/// <summary>A stream that ends with a fault where there is more than is wanted, whatever its sender said of its length.</summary>
internal sealed class BoundedStream(Stream inner, long most) : ReadOnlyStream
{
    private long _count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return (_count += count) > most ? throw new MediaTooLargeException(most) : count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
