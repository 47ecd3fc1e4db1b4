using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Silo.Demo;

/// <summary>
/// The tracker in a van: at which moments it takes a fix, what it sees of the truth, and where it has no network. Keeps
/// the days that it is asked about; asked from one thread at a time.
/// </summary>
/// <param name="van">The van.</param>
/// <param name="map">Where it drives.</param>
/// <param name="ahead">How far the demo's clock is ahead of the real one (<see cref="DemoHours"/>).</param>
internal sealed class Tracker(Van van, RoadMap map, TimeSpan ahead = default)
{
    private const string Source = "demo";
    private const int ParkedSeconds = 60;

    /// <summary>Longer than any van is silent that has a network, the way of its fix included: else each that is parked turns stale every minute.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5 * ParkedSeconds);

    private readonly Dictionary<DateOnly, VanDay> _days = [];

    public VanState At(DateTimeOffset time)
    {
        var shown = time + ahead;
        var date = VanDay.DateOf(shown);
        var today = Day(date);
        // A night's drives belong to the date on which they began.
        return van.Shift == Shift.Night && !(today.Begins <= shown) ? Day(date.AddDays(-1)).At(shown) : today.At(shown);
    }

    /// <summary>Whether a fix that is taken there waits until the van is elsewhere.</summary>
    public bool IsHidden(in PositionFix fix) => fix.Ignition is true && map.IsHidden(new(fix.Latitude, fix.Longitude));

    /// <summary>
    /// The fixes after one moment and up to another. They lie on a grid of the clock that depends on the van alone, so
    /// whoever asks for the same time gets the same fixes.
    /// </summary>
    /// <param name="after">Not included.</param>
    /// <param name="until">Included.</param>
    /// <param name="step">Seconds between two fixes while driving; divides a minute. Parked, one a minute.</param>
    public IEnumerable<PositionFix> Fixes(DateTimeOffset after, DateTimeOffset until, int step)
    {
        var phase = van.Number % ParkedSeconds;
        for (var second = Next(after.ToUnixTimeSeconds(), step, phase % step); second <= until.ToUnixTimeSeconds(); second += step)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(second);
            var state = At(time);
            if (state.IsUnderway || (second - phase) % ParkedSeconds == 0)
            {
                yield return See(time, second, state);
            }
        }
    }

    private static long Next(long after, int step, int phase) => after + step - (((after - phase) % step) + step) % step;

    private PositionFix See(DateTimeOffset time, long second, in VanState state)
    {
        var dice = van.Dice.For(second);
        // Parked between houses a receiver wanders slowly, and now and then it is far off.
        var stray = !state.IsUnderway && dice.Throw(1) < 0.03;
        var accuracy = state.IsUnderway ? dice.Between(2, 3, 8) : stray ? dice.Between(2, 20, 45) : dice.Between(2, 4, 12);
        var wander = van.Dice.For(second / 600);
        var (north, east) = state.IsUnderway ? (0, 0) : (wander.Around(3) * 3, wander.Around(4) * 3);
        var seen = state.Place.Moved(north + (dice.Around(5) * accuracy / 3), east + (dice.Around(6) * accuracy / 3));
        return new(
            time, Math.Round(seen.Latitude, 6), Math.Round(seen.Longitude, 6), Math.Round(accuracy, 1),
            Math.Round(state.IsUnderway ? Math.Max(0, state.SpeedKmh + dice.Around(7)) : 0, 1),
            state.IsUnderway ? Math.Round(state.Heading, 0) : null, null, null, state.IsUnderway, Source);
    }

    private VanDay Day(DateOnly date)
    {
        if (!_days.TryGetValue(date, out var day))
        {
            // Two days are in use at most; a fleet that runs for weeks keeps no more.
            if (_days.Count > 2)
            {
                _days.Remove(_days.Keys.Min());
            }

            _days[date] = day = VanDay.Of(van, date, map);
        }

        return day;
    }
}
