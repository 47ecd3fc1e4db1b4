using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Tells once for each due date that a vehicle's maintenance or insurance is due soon. A date that is moved is another one.
/// </summary>
internal sealed class ReminderWatch(
    NpgsqlDataSource source, GroupCommit commits, TimeProvider time, IOptions<MotionOptions> options, ILogger<ReminderWatch> logger)
    : VehicleWatch(TimeSpan.FromMinutes(1), time, logger)
{

    private const string SelectDue = """
        SELECT v.id, v.license_plate, due.kind, due.date
        FROM vehicle v CROSS JOIN LATERAL (VALUES ('maintenance', v.maintenance_due), ('insurance', v.insurance_expiry)) AS due(kind, date)
        WHERE v.is_active AND due.date <= $1
            AND NOT EXISTS (SELECT FROM vehicle_reminder r WHERE r.vehicle_id = v.id AND r.kind = due.kind AND r.due_date = due.date)
        LIMIT 2000
        """;

    private static readonly string Tell = $"""
        WITH told AS (
            INSERT INTO vehicle_reminder (vehicle_id, kind, due_date, told_at) VALUES ($2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM told
        """;

    /// <summary>How many due dates were told.</summary>
    public override async Task<int> LookAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var today = WallClock.DateOf(now);
        var told = new List<Task<bool>>();
        await using (var command = source.CreateCommand(SelectDue))
        {
            command.Parameters.Add(Sql.Date(today.AddDays(options.Value.DueDaysAhead)));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                told.Add(TellAsync(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateOnly>(3), today, now));
            }
        }

        return (await Task.WhenAll(told)).Count(one => one);
    }

    private Task<bool> TellAsync(Guid id, string plate, string kind, DateOnly due, DateOnly today, DateTimeOffset now)
    {
        var commitId = Guid.CreateVersion7(now);
        var statement = new NpgsqlBatchCommand(Tell)
        {
            Parameters = { Sql.Uuid(commitId), Sql.Uuid(id), Sql.Text(kind), Sql.Date(due), Sql.Time(now) },
        };
        return TellAsync(commits, id, commitId, statement, $"vehicle.{kind}_due", now, new
        {
            licensePlate = plate,
            dueDate = due,
            daysLeft = due.DayNumber - today.DayNumber,
        });
    }
}
