using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Orders.Deadlines;

/// <summary>
/// Raises what is overdue, once, within a second of its deadline. Every host scans; the first to commit publishes, over restarts and
/// hosts alike, as the row says whether it was raised.
/// </summary>
internal sealed partial class OverdueWatch(NpgsqlDataSource source, GroupCommit commits, TimeProvider time, ILogger<OverdueWatch> logger) : BackgroundService
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    private const string SelectOverdue = """
        SELECT s.id, s.entity_type, s.entity_id, s.current_status, s.sla_deadline, o.order_number, o.business_entity, o.partner_organization_id
        FROM entity_current_status s LEFT JOIN "order" o ON s.entity_type = 'order' AND o.id = s.entity_id
        WHERE NOT s.is_overdue AND s.sla_deadline <= $1 ORDER BY s.sla_deadline LIMIT $2
        """;

    private static readonly string Raise = $"""
        WITH raised AS (
            UPDATE entity_current_status SET is_overdue = true, version = version + 1 WHERE id = $2 AND NOT is_overdue AND sla_deadline = $3 RETURNING 1)
        SELECT {Commit.SayApplied("$1")} FROM raised
        """;

    /// <summary>Raises what is overdue now. How many were.</summary>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var raised = new List<Task<bool>>();
        await using (var command = source.CreateCommand(SelectOverdue))
        {
            command.Parameters.Add(Sql.Time(now));
            command.Parameters.Add(Sql.Integer(MostAtOnce));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                raised.Add(RaiseAsync(row, now));
            }
        }

        return (await Task.WhenAll(raised)).Count(one => one);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is NpgsqlException or OverloadedException)
                {
                    LogNotLooked(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private Task<bool> RaiseAsync(NpgsqlDataReader row, DateTimeOffset now)
    {
        var (status, type, entity, deadline) = (row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(4));
        var id = NameBasedId.Of($"overdue/{status}/{deadline.UtcTicks}");
        var data = new { orderNumber = row.Optional<string>(5), status = row.GetString(3), slaDeadline = deadline.UtcDateTime };
        var statement = new NpgsqlBatchCommand(Raise) { Parameters = { Sql.Uuid(id), Sql.Uuid(status), Sql.Time(deadline) } };
        return commits.CommitInBackgroundAsync(new StatementCommit<bool>(entity, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new("status.overdue", type, now, RowJson.ForClient(Actor.System), RowJson.ForClient(data))
                {
                    Scope = new(row.Optional<string>(6), row.OptionalValue<Guid>(7), null, null),
                },
            ],
        });
    }

    [LoggerMessage(LogLevel.Warning, "What is overdue could not be looked for; tried again at once")]
    private static partial void LogNotLooked(ILogger logger, Exception fault);
}
