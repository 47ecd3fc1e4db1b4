namespace ChargeCars.Fleet.Geofences;

internal sealed partial class VehicleFences
{
    private Task _taking = Task.CompletedTask;
    private bool _isTakingLate;

    private bool IsHeld => _paused || _isTakingLate;

    /// <summary>
    /// On return what fixes that came late say of the fences is on record, and where the vehicle is now is looked at again. In the
    /// meantime nothing is decided. Throws what the database throws, and while fixes are being taken away: ask again.
    /// </summary>
    /// <param name="first">The fix time of the first that came late, UTC.</param>
    /// <param name="last">That of the last, UTC.</param>
    public Task TakeLateAsync(DateTimeOffset first, DateTimeOffset last) =>
        catalog.Current.Count == 0 ? Task.CompletedTask : _taking = RecordLateAsync(first, last);

    private async Task RecordLateAsync(DateTimeOffset first, DateTimeOffset last)
    {
        if (IsHeld)
        {
            throw new InvalidOperationException($"The fixes of the vehicle {vehicleId} are being changed.");
        }

        _isTakingLate = true;
        try
        {
            await WrittenAsync();
            await late.RecordAsync(vehicleId, first, last, catalog.Current);
        }
        finally
        {
            _isTakingLate = false;
            OnOutcomeUnknown();
        }

        if (!IsHeld && _newest.Time != default)
        {
            await (_looking = LookAgainAsync());
        }
    }
}
