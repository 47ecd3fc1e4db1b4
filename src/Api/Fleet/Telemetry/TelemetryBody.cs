using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>A request's body in one pooled buffer.</summary>
internal struct TelemetryBody : IDisposable
{
    /// <summary>Bytes at most.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private byte[] _buffer;
    private int _length;

    /// <summary>
    /// What is read of a larger one, to throw it away: a sender that is still sending when the answer comes sees a
    /// broken connection and not the 413.
    /// </summary>
    public const int MaxDrained = 4 * MaxBytes;

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Null where the body is larger than <see cref="MaxBytes"/>.</summary>
    public static async ValueTask<TelemetryBody?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes)
        {
            await DrainAsync(request, cancellation);
            return null;
        }

        // One more byte than announced, so that the read that finds the end needs no larger buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 16 * 1024) + 1);
        var length = 0;
        try
        {
            while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var count)
            {
                length += count;
                if (length > MaxBytes)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    await DrainAsync(request, cancellation);
                    return null;
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return new TelemetryBody { _buffer = buffer, _length = length };
    }

    private static async ValueTask DrainAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            await request.Body.CopyToAsync(Stream.Null, cancellation);
        }
        catch (BadHttpRequestException)
        {
            // Larger than what is drained: the server closes the connection.
        }
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
