using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Storage;

/// <summary>Deletes trips and stops that ended longer ago than <see cref="PositionOptions.Retention"/>: they are personal data as the fixes are.</summary>
public sealed class TripRetention(NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options)
{
    /// <returns>How many were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("DELETE FROM vehicle_trip WHERE ended_at < $1");
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - options.Value.Retention));
        return await command.ExecuteNonQueryAsync(ct);
    }
}
