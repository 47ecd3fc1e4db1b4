using ChargeCars.Platform.Storage;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>Makes the partitions of the days ahead and drops the expired ones, each whether or not the other can.</summary>
public sealed class PositionDayRetention(PositionPartitions partitions) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "make and drop days of positions";

    /// <inheritdoc/>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var changed = 0L;
        try
        {
            changed += await partitions.EnsureAsync(ct);
        }
        finally
        {
            changed += await partitions.DropExpiredAsync(ct);
        }

        return changed;
    }
}
