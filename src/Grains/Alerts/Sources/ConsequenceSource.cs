using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Alerts.Sources;

/// <summary>What followed from a command and was refused, or failed too often: one fact for each entity that asked.</summary>
internal sealed class ConsequenceSource(NpgsqlDataSource source, IOptions<AlertOptions> options) : IAlertSource
{
    private const string SelectStopped = """
        WITH stopped AS (
            SELECT origin_type, origin_id, count(*)::integer AS count, min(ended_at) AS since, max(ended_at) AS at, bool_or(state = 'failed') AS failed,
                (array_agg(kind || ': ' || coalesce(last_error, state) ORDER BY ended_at DESC))[1] AS reason
            FROM due_command WHERE state IN ('refused', 'failed') AND ended_at > $1
            GROUP BY origin_type, origin_id ORDER BY max(ended_at) DESC LIMIT $2)
        SELECT s.origin_type, s.origin_id, s.count, s.since, s.at, s.failed, s.reason, coalesce(o.order_number, v.number, t.subject, c.license_plate),
            coalesce(o.business_entity, v.business_entity, t.business_entity), coalesce(v.vehicle_id, c.id), v.id, coalesce(o.id, v.order_id)
        FROM stopped s
            LEFT JOIN "order" o ON s.origin_type = 'order' AND o.id = s.origin_id
            LEFT JOIN visit v ON s.origin_type = 'visit' AND v.id = s.origin_id
            LEFT JOIN communication_thread t ON s.origin_type = 'communication_thread' AND t.id = s.origin_id
            LEFT JOIN vehicle c ON s.origin_type = 'vehicle' AND c.id = s.origin_id
        """;

    private const int LongestReason = 500;

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.ConsequenceFailed];

    public bool IsQuick => true;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectStopped);
        command.Parameters.Add(Sql.Time(now - options.Value.FailureFor));
        command.Parameters.Add(Sql.Integer(AlertFacts.Most + 1));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AlertFact>();
        while (await row.ReadAsync(cancellation))
        {
            var reason = row.GetString(6);
            // A refusal is an answer; what failed is a fault, and nobody knows what is half done.
            found.Add(new(AlertType.ConsequenceFailed, row.GetString(0), row.GetGuid(1), row.GetBoolean(5) ? AlertSeverity.High : AlertSeverity.Normal)
            {
                Label = row.Optional<string>(7),
                BusinessEntity = row.Optional<string>(8) is { } word ? WireText.Parse<BusinessEntity>(word) : null,
                VehicleId = row.OptionalValue<Guid>(9),
                VisitId = row.OptionalValue<Guid>(10),
                OrderId = row.OptionalValue<Guid>(11),
                FactAt = row.GetFieldValue<DateTimeOffset>(4),
                Detail = new()
                {
                    Count = row.GetInt32(2), Since = row.GetFieldValue<DateTimeOffset>(3), Reason = reason[..Math.Min(reason.Length, LongestReason)],
                },
            });
        }

        return AlertFacts.Of(found);
    }
}
