using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Finds where a vehicle's status has come to contradict its motion without a turn in between: a person parked a van that
/// drives, or a van that stood has fallen silent. Status alone: trips and stops follow from the fixes.
/// </summary>
internal sealed class StatusCheck(MotionOptions options)
{
    private Place? _stillAt; // Where it was when it was first seen not to drive by its status, on a trip.
    private bool _hasAskedToDrive;
    private DateTimeOffset _parkedFor;

    /// <summary>What the vehicle must be told: to drive, or to park; null where its status is right.</summary>
    /// <param name="state">Its motion.</param>
    /// <param name="status">Its status; null where there is no vehicle any more.</param>
    /// <param name="now">UTC.</param>
    public bool? Contradiction(in MotionState state, VehicleStatus? status, DateTimeOffset now)
    {
        if (!state.Driving || status is not (VehicleStatus.Parked or VehicleStatus.OnSite))
        {
            (_stillAt, _hasAskedToDrive) = (null, false);
            var hasStopped = state.Driving && status == VehicleStatus.Driving && state.StopsAt <= now && state.StopsAt != _parkedFor;
            return hasStopped ? false : null;
        }

        _stillAt ??= state.Here.Place;
        // A driver may report the arrival while he looks for a place to park.
        var reach = status == VehicleStatus.Parked ? options.StartMeters : options.TowMeters;
        var goesOn = state.StopsAt is null
            && Geo.Distance(_stillAt.Value.Latitude, _stillAt.Value.Longitude, state.Here.Latitude, state.Here.Longitude) > reach;
        return goesOn && !_hasAskedToDrive ? true : null;
    }

    /// <summary>The vehicle was told; it is told once.</summary>
    public void Told(in MotionState state, bool driving)
    {
        _hasAskedToDrive |= driving;
        _parkedFor = driving ? _parkedFor : state.StopsAt ?? _parkedFor;
    }
}
