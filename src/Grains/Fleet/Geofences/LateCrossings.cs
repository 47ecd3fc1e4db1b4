using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>
/// What fixes that came late say of the geofences that they were at: the crossings that are not on record are put there, as
/// history (docs/adr/0053). What is on record stays.
/// </summary>
internal sealed class LateCrossings(CrossingStore store, PositionHistory history, IOptions<GeofenceOptions> options)
{
    private const int PageSize = 5_000;

    /// <summary>Puts what is missing on record; again it does nothing. Throws what the database throws.</summary>
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="first">The fix time of the first that came late, UTC.</param>
    /// <param name="last">That of the last, UTC.</param>
    /// <param name="fences">The fences.</param>
    public async Task RecordAsync(Guid vehicleId, DateTimeOffset first, DateTimeOffset last, FenceIndex fences)
    {
        // Who was arriving then had come up to the longest dwell before.
        var window = options.Value.ReplayWindow;
        var known = await store.FindHistoryAsync(vehicleId, first - window, CancellationToken.None);
        var replays = new FenceReplays(fences, known, first, last);
        FixKey? after = null;
        var isMore = true;
        while (isMore)
        {
            var page = await history.ReadAsync(vehicleId, first - window, DateTimeOffset.MaxValue, after, PageSize, CancellationToken.None);
            foreach (var recorded in page)
            {
                replays.Take(FenceFix.Of(recorded.Fix));
                after = new(recorded.Fix.FixTime, recorded.Fix.Source);
            }

            isMore = page.Count == PageSize && !(after?.FixTime > last + window && replays.AgreeWithTheRecord);
        }

        foreach (var crossing in replays.Missing())
        {
            try
            {
                await store.RecordAsync(vehicleId, crossing, isLate: true);
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                // The fence or the vehicle was deleted in the meantime.
            }
        }
    }

    /// <summary>
    /// Of the crossings that all fixes give, those that can be added to the record without contradicting it: at each fence
    /// entering and leaving take turns. One that is on record at another moment, as not all fixes were known then, is not told
    /// again.
    /// </summary>
    /// <param name="found">What the fixes give at one fence, in the order of time.</param>
    /// <param name="recorded">What is on record there, in the order of time.</param>
    /// <param name="wasInside">Whether the vehicle was inside before both.</param>
    public static IReadOnlyList<Crossing> Missing(IReadOnlyList<Crossing> found, IReadOnlyList<RecordedCrossing> recorded, bool wasInside)
    {
        var missing = new List<Crossing>();
        var (next, inside) = (0, wasInside);
        for (var i = 0; i <= recorded.Count; i++)
        {
            var before = missing.Count;
            var until = i < recorded.Count ? recorded[i].At : DateTimeOffset.MaxValue;
            for (; next < found.Count && found[next].At < until; next++)
            {
                if (found[next].Entered != inside)
                {
                    missing.Add(found[next]);
                    inside = found[next].Entered;
                }
            }

            if (i == recorded.Count)
            {
                break;
            }

            if (inside == recorded[i].Entered && missing.Count > before)
            {
                missing.RemoveAt(missing.Count - 1);
            }

            inside = recorded[i].Entered;
            next += next < found.Count && found[next].At == until && found[next].Entered == inside ? 1 : 0;
        }

        return missing;
    }
}

/// <summary>A crossing on record.</summary>
/// <param name="Entered">Entered, else left.</param>
/// <param name="At">When.</param>
internal readonly record struct RecordedCrossing(bool Entered, DateTimeOffset At);

/// <summary>What is on record of a vehicle's crossings from a moment on.</summary>
/// <param name="Inside">Where it was inside at that moment, and since when.</param>
/// <param name="Recorded">The crossings since, by fence, in the order of time.</param>
internal sealed record CrossingHistory(IReadOnlyDictionary<Guid, DateTimeOffset> Inside, ILookup<Guid, RecordedCrossing> Recorded);
