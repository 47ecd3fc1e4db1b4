using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Tells when positions grow old, and when they come again: compares the freshness that was told last with the one that a
/// vehicle's row has by now.
/// </summary>
internal sealed class FreshnessWatch(
    NpgsqlDataSource source, GroupCommit commits, TimeProvider time, IOptions<PositionOptions> options, ILogger<FreshnessWatch> logger)
    : VehicleWatch(TimeSpan.FromSeconds(1), time, logger)
{
    private const int MostAtOnce = 2_000;

    private const string SelectChanged = """
        SELECT id, license_plate, last_location_update, told, now_is FROM (
            SELECT v.id, v.license_plate, v.last_location_update, f.freshness AS told,
                CASE WHEN v.last_location_update > $1 THEN 'live' WHEN v.last_location_update > $2 THEN 'stale' ELSE 'offline' END AS now_is
            FROM vehicle v LEFT JOIN vehicle_freshness f ON f.vehicle_id = v.id
            WHERE v.last_location_update IS NOT NULL) AS vehicles
        WHERE told IS DISTINCT FROM now_is LIMIT $3
        """;

    private static readonly string Tell = $"""
        WITH told AS (
            INSERT INTO vehicle_freshness (vehicle_id, freshness, changed_at) VALUES ($2, $3, $4)
            ON CONFLICT (vehicle_id) DO UPDATE SET freshness = excluded.freshness, changed_at = excluded.changed_at
            WHERE vehicle_freshness.freshness = $5
            RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM told
        """;

    /// <summary>How many vehicles' freshness has changed and was told.</summary>
    public override async Task<int> LookAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var changes = new List<Task<bool>>();
        await using (var command = source.CreateCommand(SelectChanged))
        {
            command.Parameters.Add(Sql.Time(now - options.Value.StaleAfter));
            command.Parameters.Add(Sql.Time(now - options.Value.OfflineAfter));
            command.Parameters.Add(Sql.Integer(MostAtOnce));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                changes.Add(TellAsync(row, now));
            }
        }

        return (await Task.WhenAll(changes)).Count(told => told);
    }

    private Task<bool> TellAsync(NpgsqlDataReader row, DateTimeOffset now)
    {
        var (id, told, fresh) = (row.GetGuid(0), row.Optional<string>(3), row.GetString(4));
        var commitId = Guid.CreateVersion7(now);
        var statement = new NpgsqlBatchCommand(Tell)
        {
            Parameters = { Sql.Uuid(commitId), Sql.Uuid(id), Sql.Text(fresh), Sql.Time(now), Sql.Text(told) },
        };
        return TellAsync(commits, id, commitId, statement, "vehicle.freshness_changed", now, new
        {
            licensePlate = row.GetString(1),
            from = told ?? WireText.Of(Freshness.Unknown),
            to = fresh,
            lastLocationUpdate = row.GetDateTime(2),
        });
    }
}
