using System.Collections.Concurrent;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// The keys of a vehicle's last fixes, so that a repeated batch is recognised without asking the database. Bounded: what
/// it has forgotten, the primary key still knows. A key is one number, eight bytes, because there is one of these for
/// every vehicle in memory, and numbers are searched many at a time. Of a place two bytes are enough to tell another one.
/// </summary>
internal sealed class RecentFixes
{
    private const int Capacity = 256;

    private long[] _keys = [];
    private ushort[] _places = [];
    private int _count;
    private int _next;

    /// <summary>Whether a fix of that time and source is among them, and at the same place; null where none is.</summary>
    public bool? SamePlace(in PositionFix fix) =>
        KeyOf(fix) is { } key && _keys.AsSpan(0, _count).IndexOf(key) is >= 0 and var i ? _places[i] == PlaceOf(fix) : null;

    public void Add(in PositionFix fix)
    {
        if (KeyOf(fix) is not { } key)
        {
            return;
        }

        if (_next == _keys.Length)
        {
            if (_next == Capacity)
            {
                _next = 0;
            }
            else
            {
                // Most vans send one fix at a time: room grows with need.
                Array.Resize(ref _keys, Math.Max(16, _keys.Length * 2));
                Array.Resize(ref _places, _keys.Length);
            }
        }

        _places[_next] = PlaceOf(fix);
        _keys[_next++] = key;
        _count = Math.Max(_count, _next);
    }

    public void Clear() => _count = _next = 0;

    private static ushort PlaceOf(in PositionFix fix)
    {
        var bits = (BitConverter.DoubleToUInt64Bits(fix.Latitude) * 31) + BitConverter.DoubleToUInt64Bits(fix.Longitude);
        // Of the product the upper bits depend on all of the number's.
        return (ushort)((bits * 0x9E37_79B9_7F4A_7C15) >> 48);
    }

    private static long? KeyOf(in PositionFix fix) => FixSources.NumberOf(fix.Source) is { } source
        ? ((fix.FixTime.UtcTicks / TimeSpan.TicksPerMicrosecond) << FixSources.Bits) | (uint)source
        : null;
}

/// <summary>The feeds that fixes come by, numbered as they are met. They are few and named by this program.</summary>
internal static class FixSources
{
    /// <summary>Microseconds since the year 1 take 56 bits until long after 4000.</summary>
    public const int Bits = 7;

    private static readonly ConcurrentDictionary<string, int> Numbers = new(StringComparer.Ordinal);

    /// <summary>Null when there are more than fit; their fixes are then left to the database to recognise.</summary>
    public static int? NumberOf(string source)
    {
        if (Numbers.TryGetValue(source, out var known))
        {
            return known;
        }

        lock (Numbers)
        {
            return Numbers.TryGetValue(source, out known) ? known
                : Numbers.Count >> Bits == 0 && Numbers.TryAdd(source, Numbers.Count) ? Numbers[source]
                : null;
        }
    }
}
