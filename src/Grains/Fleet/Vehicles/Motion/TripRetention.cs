using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Deletes trips and stops that ended longer ago than <see cref="PositionOptions.Retention"/>: they are personal data as the
/// fixes are. So the audit says how many they were, and not where they went.
/// </summary>
public sealed class TripRetention(NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "delete expired trips";

    private const string DeleteSql = """
        WITH gone AS (DELETE FROM vehicle_trip WHERE ended_at < $1 RETURNING 1)
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, change_summary, business_context, created_at)
        SELECT $2, 'vehicle_trip', $3, 'DELETE', jsonb_build_object('rows', n, 'ended_before', $1), 'Retention', $4, $5
        FROM (SELECT count(*) AS n FROM gone) counted WHERE n > 0
        RETURNING (old_values ->> 'rows')::bigint
        """;

    /// <returns>How many were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var context = new CommandContext(Guid.CreateVersion7(now), Actor.System);
        await using var command = source.CreateCommand(DeleteSql);
        command.Parameters.Add(Sql.Time(now - options.Value.Retention));
        command.Parameters.Add(Sql.Uuid(context.CommandId));
        command.Parameters.Add(Sql.Uuid(Guid.Empty));
        command.Parameters.Add(Sql.Jsonb(AuditEntry.ContextOf(context, version: 0)));
        command.Parameters.Add(Sql.Time(now));
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }
}
