using System.Text.Json;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions.Refusals;

/// <summary>
/// Announces, once for each row of refusals, that a vehicle's fixes are refused: at the first one where the tracker's time is at
/// fault, as that does not pass, else at the third. A single bad fix is nobody's business.
/// </summary>
internal sealed partial class RefusalWatch(NpgsqlDataSource source, GroupCommit commits, TimeProvider time, ILogger<RefusalWatch> logger)
    : VehicleWatch(Interval, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int MostAtOnce = 1_000;

    private const string SelectUntold = """
        SELECT v.id, v.license_plate, to_jsonb(r) FROM vehicle_refusal r JOIN vehicle v ON v.id = r.vehicle_id
        WHERE r.told_since IS DISTINCT FROM r.since AND (r.off_by_seconds IS NOT NULL OR r.count >= 3)
        LIMIT $1
        """;

    private static readonly string Tell = $"""
        WITH told AS (
            UPDATE vehicle_refusal SET told_since = since
            WHERE vehicle_id = $2 AND since = $3 AND told_since IS DISTINCT FROM since
            RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM told
        """;

    public override async Task<int> LookAsync(CancellationToken cancellation)
    {
        var telling = new List<Task<bool>>();
        await using (var command = source.CreateCommand(SelectUntold))
        {
            command.Parameters.Add(Sql.Integer(MostAtOnce));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                telling.Add(TellAsync(row.GetGuid(0), row.GetString(1), JsonSerializer.Deserialize<LastRefusal>(row.GetString(2), RowJson.Options)!));
            }
        }

        return (await Task.WhenAll(telling)).Count(told => told);
    }

    private async Task<bool> TellAsync(Guid vehicleId, string licensePlate, LastRefusal refusal)
    {
        var now = Time.GetUtcNow();
        var commitId = Guid.CreateVersion7(now);
        var statement = new NpgsqlBatchCommand(Tell) { Parameters = { Sql.Uuid(commitId), Sql.Uuid(vehicleId), Sql.Time(refusal.Since) } };
        var type = refusal.Reason == RefusalCount.WeekRollover ? RefusalChange.ClockCorrected : RefusalChange.Refused;
        var told = await TellAsync(commits, vehicleId, commitId, statement, type, now, new
        {
            licensePlate,
            reason = refusal.Reason,
            detail = refusal.Detail,
            offBySeconds = refusal.OffBySeconds,
            since = refusal.Since.UtcDateTime,
            count = refusal.Count,
        });
        if (told)
        {
            LogRefused(Logger, licensePlate, vehicleId, refusal.Reason, refusal.Detail);
        }

        return told;
    }

    [LoggerMessage(LogLevel.Warning, "Fixes of {LicensePlate} ({VehicleId}): {Reason}, {Detail}")]
    private static partial void LogRefused(ILogger logger, string licensePlate, Guid vehicleId, string reason, string detail);
}
