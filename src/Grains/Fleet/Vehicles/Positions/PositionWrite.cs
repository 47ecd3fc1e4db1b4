namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>One vehicle's fixes on their way to disk.</summary>
/// <param name="vehicleId">The vehicle.</param>
/// <param name="fixes">What to write; at least one, times in whole microseconds.</param>
/// <param name="suspect">Whether one of them may be on disk already.</param>
/// <param name="live">The position that they move the vehicle to; null where they don't.</param>
/// <param name="receivedAt">When they came in.</param>
/// <param name="lateUntil">Those up to this time come after later ones; null where none does.</param>
internal sealed class PositionWrite(
    Guid vehicleId, PositionFix[] fixes, bool suspect, LivePosition? live, DateTimeOffset receivedAt, DateTimeOffset? lateUntil = null)
{
    private readonly TaskCompletionSource<bool[]?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PositionFix[]? _fresh;

    public Guid VehicleId { get; } = vehicleId;

    public PositionFix[] Fixes { get; } = fixes;

    public bool Suspect { get; } = suspect;

    public LivePosition? Live { get; } = live;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    public DateTimeOffset? LateUntil { get; } = lateUntil;

    /// <summary>Done when the fixes are on disk: which of them were there before; null for none.</summary>
    public Task<bool[]?> Completion => _completion.Task;

    /// <summary>Once it has succeeded: the fixes that were not there before, in the order of time and source.</summary>
    public ReadOnlySpan<PositionFix> Fresh()
    {
        if (_fresh is null)
        {
            _fresh = _completion.Task.Result is { } duplicates ? Without(duplicates) : Fixes;
            for (var i = 1; i < _fresh.Length; i++)
            {
                if (FixOrder.Instance.Compare(_fresh[i - 1], _fresh[i]) > 0)
                {
                    Array.Sort(_fresh, FixOrder.Instance);
                    break;
                }
            }
        }

        return _fresh;
    }

    private PositionFix[] Without(bool[] duplicates) => [.. Fixes.Where((_, i) => !duplicates[i])];

    public void Complete(bool[]? duplicates) => _completion.TrySetResult(duplicates);

    public void Fail(Exception fault) => _completion.TrySetException(fault);
}
