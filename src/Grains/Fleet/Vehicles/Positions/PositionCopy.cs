using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Fixes as the rows of PostgreSQL's binary COPY, made in one buffer and sent at once: a COPY of its own is one
/// transaction, and the fastest way in. It knows no ON CONFLICT: a single fix that is on disk already fails them all.
/// </summary>
internal sealed class PositionCopy
{
    public const string Columns =
        "vehicle_id, fix_time, received_at, latitude, longitude, accuracy, speed, heading, altitude, ignition, odometer, source";

    private const string Copy = $"COPY vehicle_position ({Columns}) FROM STDIN (FORMAT BINARY)";

    private const int ColumnCount = 12;

    // Twelve lengths, a uuid, nine values of eight bytes, a boolean; the source beside it.
    private const int RowBytes = 2 + (ColumnCount * 4) + 16 + (9 * 8) + 1;

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Signature, flags, length of the header's extension.
    private static ReadOnlySpan<byte> Header =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] _buffer = new byte[256 * 1024];
    private int _length;

    public async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PositionWrite> writes, CancellationToken cancellation)
    {
        Encode(writes);
        // Its disposal ends the COPY, waits for the commit and throws what the server says against it.
        await using var copy = await connection.BeginRawBinaryCopyAsync(Copy, cancellation);
        await copy.WriteAsync(_buffer.AsMemory(0, _length), cancellation);
    }

    private void Encode(IReadOnlyList<PositionWrite> writes)
    {
        _length = 0;
        Room(32);
        Header.CopyTo(_buffer);
        _length = Header.Length;
        foreach (var write in writes)
        {
            foreach (ref readonly var fix in write.Fixes.AsSpan())
            {
                Row(write, fix);
            }
        }

        Room(2);
        Int16(-1);
    }

    private void Row(PositionWrite write, in PositionFix fix)
    {
        Room(RowBytes + Encoding.UTF8.GetMaxByteCount(fix.Source.Length));
        Int16(ColumnCount);
        Int32(16);
        write.VehicleId.TryWriteBytes(_buffer.AsSpan(_length), bigEndian: true, out _);
        _length += 16;
        Time(fix.FixTime);
        Time(write.ReceivedAt);
        Number(fix.Latitude);
        Number(fix.Longitude);
        Number(fix.AccuracyMeters);
        Number(fix.SpeedKmh);
        Number(fix.HeadingDegrees);
        Number(fix.AltitudeMeters);
        if (fix.Ignition is { } ignition)
        {
            Int32(1);
            _buffer[_length++] = ignition ? (byte)1 : (byte)0;
        }
        else
        {
            Int32(-1);
        }

        Number(fix.OdometerKm);
        var bytes = Encoding.UTF8.GetBytes(fix.Source, _buffer.AsSpan(_length + 4));
        Int32(bytes);
        _length += bytes;
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Time(DateTimeOffset value)
    {
        Int32(8);
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_length), (value.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        _length += 8;
    }

    private void Number(double? value)
    {
        if (value is not { } number)
        {
            Int32(-1);
            return;
        }

        Int32(8);
        BinaryPrimitives.WriteDoubleBigEndian(_buffer.AsSpan(_length), number);
        _length += 8;
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    private void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), value);
        _length += 2;
    }
}
