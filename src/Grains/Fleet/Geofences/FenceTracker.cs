using System.Collections.Immutable;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Geofences;

/// <summary>A fix as fences see it.</summary>
/// <param name="Time">When the vehicle was there, UTC.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="AccuracyMeters">The radius of its error; null where that is not told, and taken as none.</param>
/// <param name="SpeedKmh">km/h; null where that is not known.</param>
internal readonly record struct FenceFix(
    DateTimeOffset Time, double Latitude, double Longitude, double? AccuracyMeters, double? SpeedKmh)
{
    public static FenceFix Of(in PositionFix fix) => new(fix.FixTime, fix.Latitude, fix.Longitude, fix.AccuracyMeters, fix.SpeedKmh);

    /// <summary>With the average speed since the fix before, its own error taken off, where the tracker reported none.</summary>
    public FenceFix After(in FenceFix before) => SpeedKmh is not null || before.Time == default || Time <= before.Time ? this : this with
    {
        SpeedKmh = Math.Max(0, Geo.Distance(before.Latitude, before.Longitude, Latitude, Longitude) - (AccuracyMeters ?? 0))
            / (Time - before.Time).TotalSeconds * 3.6,
    };
}

/// <summary>
/// A vehicle at one fence: inside, or there since a moment and not yet long enough to count. That of a visit ends with the fence, which is
/// never switched on again.
/// </summary>
internal readonly record struct Stay(Guid FenceId, bool Counts, DateTimeOffset Since, bool IsForVisit = false);

/// <summary>All that a vehicle must know of its fences between two fixes. Mostly empty.</summary>
/// <param name="Stays">The fences that it is at.</param>
/// <param name="Last">The newest fix that was looked at; older ones decide nothing.</param>
internal readonly record struct FenceState(ImmutableArray<Stay> Stays, FenceFix Last)
{
    public static FenceState Nowhere { get; } = new([], default);
}

/// <summary>A vehicle has entered or left.</summary>
/// <param name="Fence">Which fence.</param>
/// <param name="Entered">Entered, else left.</param>
/// <param name="At">When: the first fix inside, the first one beyond the margin.</param>
/// <param name="Decided">The fix that made it certain; of an entering one later than <paramref name="At"/>.</param>
/// <param name="Since">Of a leaving: when the vehicle had entered.</param>
internal sealed record Crossing(Fence Fence, bool Entered, DateTimeOffset At, FenceFix Decided, DateTimeOffset? Since);

/// <summary>
/// Decides from fix to fix where a vehicle has entered and left: pure. Three things keep it from telling what did not
/// happen. Entering counts after the fence's dwell; leaving counts beyond a margin outside the edge; and a fix decides
/// only where its error does not reach across that margin.
/// </summary>
internal static class FenceTracker
{
    /// <summary>A vehicle that was this slow when it was last heard of stands, km/h.</summary>
    private const double Standing = 5;

    /// <summary>The state after a fix, and what it made certain. A fix that is not newer than the last changes nothing.</summary>
    public static (FenceState State, ImmutableArray<Crossing> Crossings) Step(in FenceState state, in FenceFix fix, FenceIndex fences)
    {
        if (fix.Time <= state.Last.Time)
        {
            return (state, []);
        }

        var last = fix.After(state.Last);
        var near = fences.Near(fix.Latitude, fix.Longitude);
        if (state.Stays.IsEmpty && near.IsEmpty && fences.Wide.IsEmpty)
        {
            return (state with { Last = last }, []);
        }

        var stays = ImmutableArray.CreateBuilder<Stay>();
        var crossings = ImmutableArray.CreateBuilder<Crossing>();
        foreach (var stay in state.Stays)
        {
            if (fences.Find(stay.FenceId) is { } fence)
            {
                Note(Look(fence, stay, fix));
            }
            else if (stay is { Counts: true, IsForVisit: false })
            {
                // Switched off: who is inside is kept, should it come back; who is only arriving is not.
                stays.Add(stay);
            }
        }

        foreach (var fence in near)
        {
            Arrive(state, fence, fix);
        }

        foreach (var fence in fences.Wide)
        {
            Arrive(state, fence, fix);
        }

        return (new(stays.DrainToImmutable(), last), crossings.DrainToImmutable());

        void Arrive(in FenceState before, Fence fence, in FenceFix at)
        {
            if (!IsAt(before, fence))
            {
                Note(Look(fence, null, at));
            }
        }

        void Note((Stay? Stay, Crossing? Crossing) seen)
        {
            if (seen.Stay is { } stay)
            {
                stays.Add(stay);
            }

            if (seen.Crossing is { } crossing)
            {
                crossings.Add(crossing);
            }
        }
    }

    /// <summary>One fence's part of a step: the stay after a fix, null where the vehicle is not at the fence.</summary>
    public static (Stay? Stay, Crossing? Crossing) Look(Fence fence, Stay? stay, in FenceFix fix) => (stay, Where(fence, fix)) switch
    {
        (null, Place.Inside) when fence.Dwell == TimeSpan.Zero => Enter(fence, fix.Time, fix),
        (null, Place.Inside) => (new Stay(fence.Id, Counts: false, fix.Time, fence.Geofence.VisitId is not null), null),
        ({ Counts: false } arriving, Place.Inside) when fix.Time - arriving.Since >= fence.Dwell => Enter(fence, arriving.Since, fix),
        ({ Counts: true } inside, Place.Outside) => (null, new(fence, Entered: false, fix.Time, fix, inside.Since)),
        (_, Place.Outside) => (null, null),
        _ => (stay, null),
    };

    /// <summary>
    /// The state when nothing more was heard until <paramref name="now"/>: many trackers fall silent when the engine
    /// stops, so a vehicle that stood when it was last heard of is taken to stand there still.
    /// </summary>
    public static (FenceState State, ImmutableArray<Crossing> Crossings) Wait(in FenceState state, DateTimeOffset now, FenceIndex fences)
    {
        var last = state.Last;
        if (last.SpeedKmh is not < Standing)
        {
            return (state, []);
        }

        var crossings = ImmutableArray.CreateBuilder<Crossing>();
        var stays = state.Stays.Select(stay =>
        {
            if (stay.Counts || fences.Find(stay.FenceId) is not { } fence || now - stay.Since < fence.Dwell)
            {
                return stay;
            }

            crossings.Add(new(fence, Entered: true, stay.Since, last, null));
            return stay with { Counts = true };
        });
        return (state with { Stays = [.. stays] }, crossings.DrainToImmutable());
    }

    private static (Stay?, Crossing?) Enter(Fence fence, DateTimeOffset at, in FenceFix decided) =>
        (new Stay(fence.Id, Counts: true, at, fence.Geofence.VisitId is not null), new Crossing(fence, Entered: true, at, decided, null));

    private static bool IsAt(in FenceState state, Fence fence)
    {
        foreach (var stay in state.Stays)
        {
            if (stay.FenceId == fence.Id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Inside: within the edge, and the error does not reach beyond the margin. Outside: beyond the margin, and the
    /// error does not reach back to the edge. All else says nothing.
    /// </summary>
    private static Place Where(Fence fence, in FenceFix fix)
    {
        var (distance, error) = (fence.DistanceFrom(fix.Latitude, fix.Longitude), fix.AccuracyMeters ?? 0);
        return distance <= 0 && distance + error <= fence.ExitMargin ? Place.Inside
            : distance > fence.ExitMargin && distance - error > 0 ? Place.Outside
            : Place.Unsure;
    }

    private enum Place
    {
        Unsure,
        Inside,
        Outside,
    }
}
