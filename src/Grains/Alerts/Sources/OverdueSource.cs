using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Alerts.Sources;

/// <summary>What should have moved on by now, as <c>OverdueWatch</c> raised it.</summary>
internal sealed class OverdueSource(NpgsqlDataSource source) : IAlertSource
{
    private const string SelectOverdue = """
        SELECT s.entity_type, s.entity_id, s.current_status, s.sla_deadline, coalesce(o.order_number, v.number), coalesce(o.business_entity, v.business_entity),
            v.vehicle_id, v.id, coalesce(o.id, v.order_id), coalesce(o.priority_level IN ('high', 'urgent'), false)
        FROM entity_current_status s
            LEFT JOIN "order" o ON s.entity_type = 'order' AND o.id = s.entity_id
            LEFT JOIN visit v ON s.entity_type = 'visit' AND v.id = s.entity_id
        WHERE s.is_overdue AND s.sla_deadline IS NOT NULL ORDER BY s.sla_deadline DESC LIMIT $1
        """;

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.StatusOverdue];

    public bool IsQuick => true;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectOverdue);
        command.Parameters.Add(Sql.Integer(AlertFacts.Most + 1));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AlertFact>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new(AlertType.StatusOverdue, row.GetString(0), row.GetGuid(1), row.GetBoolean(9) ? AlertSeverity.High : AlertSeverity.Normal)
            {
                Label = row.Optional<string>(4),
                BusinessEntity = row.Optional<string>(5) is { } word ? WireText.Parse<BusinessEntity>(word) : null,
                VehicleId = row.OptionalValue<Guid>(6),
                VisitId = row.OptionalValue<Guid>(7),
                OrderId = row.OptionalValue<Guid>(8),
                // Another status that is overdue too is another fact.
                FactAt = row.GetFieldValue<DateTimeOffset>(3),
                Detail = new() { DueAt = row.GetFieldValue<DateTimeOffset>(3), EntityStatus = row.GetString(2) },
            });
        }

        return AlertFacts.Of(found);
    }
}
