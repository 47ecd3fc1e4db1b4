using System.Security.Cryptography;
using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Files;

/// <summary>A stream that measures what is read through it: how much, its checksum and its first bytes.</summary>
internal sealed class MeasuredStream(Stream inner, long most) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[FileContent.HeadSize];
    private int _headLength;

    /// <summary>How many bytes there were.</summary>
    public long Size { get; private set; }

    /// <summary>The first of them.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    /// <summary>The checksum of all that was read, in hexadecimal; asked for once.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Measure(buffer.Span, read);
    }

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private int Measure(ReadOnlySpan<byte> buffer, int read)
    {
        var part = buffer[..read];
        Size += read;
        if (Size > most)
        {
            throw new FileTooLargeException(most);
        }

        _hash.AppendData(part);
        var missing = Math.Min(_head.Length - _headLength, read);
        part[..missing].CopyTo(_head.AsSpan(_headLength));
        _headLength += missing;
        return read;
    }
}

/// <summary>A file turned out to be larger than files may be.</summary>
public sealed class FileTooLargeException(long most) : Exception($"A file may have {most} bytes.")
{
    /// <summary>How many bytes a file may have.</summary>
    public long Most { get; } = most;
}
