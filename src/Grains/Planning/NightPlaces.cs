using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Planning;

/// <summary>
/// Where each van spends the night before a day, which is where its crew sets out from: where it was last seen before five in the morning.
/// Of a day to come it is where it stood last night. Worked out once for all who ask within <see cref="Fresh"/>.
/// </summary>
public sealed class NightPlaces(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>How old an answer may be: at night a van may still be coming home.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private const int MostDays = 32;

    /// <summary>A van that has been silent for longer, a weekend with a holiday, may be anywhere.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromDays(4);

    private static readonly TimeOnly Morning = new(5, 0);

    private const string SelectPlaces = """
        SELECT v.id, last.latitude, last.longitude
        FROM vehicle v CROSS JOIN LATERAL (
            SELECT p.latitude, p.longitude FROM vehicle_position p
            WHERE p.vehicle_id = v.id AND p.fix_time >= $1 AND p.fix_time < $2 ORDER BY p.fix_time DESC LIMIT 1) last
        WHERE v.is_active
        """;

    private readonly Lock _gate = new();
    private readonly Dictionary<DateOnly, (DateTimeOffset Since, Task<IReadOnlyDictionary<Guid, MapPoint>> Reading)> _known = [];

    /// <summary>The places by their vans; those that nobody knows are left out.</summary>
    public Task<IReadOnlyDictionary<Guid, MapPoint>> BeforeAsync(DateOnly day, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (today, night) = (WallClock.DateOf(now), day);
        night = night > today ? today : night;
        lock (_gate)
        {
            if (!_known.TryGetValue(night, out var known) || known.Reading.IsFaulted || now - known.Since > Fresh || now < known.Since)
            {
                if (_known.Count >= MostDays)
                {
                    _known.Clear();
                }

                // Shared by all waiters, so no single caller can cancel it.
                _known[night] = known = (now, ReadAsync(WallClock.FirstAt(night, Morning)));
            }

            return known.Reading.WaitAsync(cancellation);
        }
    }

    private async Task<IReadOnlyDictionary<Guid, MapPoint>> ReadAsync(DateTimeOffset morning)
    {
        var places = new Dictionary<Guid, MapPoint>();
        await using var command = source.CreateCommand(SelectPlaces);
        command.Parameters.Add(Sql.Time(morning - Silence));
        command.Parameters.Add(Sql.Time(morning));
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            places[row.GetGuid(0)] = new(row.GetDouble(1), row.GetDouble(2));
        }

        return places;
    }
}
