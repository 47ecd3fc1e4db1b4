using System.Collections.Concurrent;

namespace ChargeCars.Vehicles.Positions;

/// <summary>
/// The keys of a vehicle's last fixes, so that a repeated batch is recognised without asking the database. Bounded: what
/// it has forgotten, the primary key still knows. A key is one number, eight bytes, because there is one of these for
/// every vehicle in memory, and numbers are searched many at a time.
/// </summary>
internal sealed class RecentFixes
{
    private const int Capacity = 256;

    private long[] _keys = [];
    private int _count;
    private int _next;

    public bool Contains(in PositionFix fix) => KeyOf(fix) is { } key && _keys.AsSpan(0, _count).Contains(key);

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
            }
        }

        _keys[_next++] = key;
        _count = Math.Max(_count, _next);
    }

    public void Clear() => _count = _next = 0;

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
