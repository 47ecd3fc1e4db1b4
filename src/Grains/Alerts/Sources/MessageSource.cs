using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Alerts.Sources;

/// <summary>
/// Messages of ours that did not arrive, or of which nobody knows whether they left: one fact for each conversation that is not closed.
/// </summary>
internal sealed class MessageSource(NpgsqlDataSource source, IOptions<AlertOptions> options) : IAlertSource
{
    private const string SelectUndelivered = """
        SELECT m.thread_id, count(*)::integer, min(m.updated_at), max(m.updated_at), bool_or(m.status = 'failed'), t.subject,
            t.customer_address, t.business_entity, CASE t.entity_type WHEN 'order' THEN t.entity_id END
        FROM communication_message m JOIN communication_thread t ON t.id = m.thread_id
        WHERE m.status IN ('failed', 'uncertain') AND m.direction = 'outbound' AND m.updated_at > $1 AND t.status IN ('open', 'pending')
        GROUP BY m.thread_id, t.id ORDER BY max(m.updated_at) DESC LIMIT $2
        """;

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.MessageFailed];

    public bool IsQuick => true;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectUndelivered);
        command.Parameters.Add(Sql.Time(now - options.Value.FailureFor));
        command.Parameters.Add(Sql.Integer(AlertFacts.Most + 1));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AlertFact>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new(AlertType.MessageFailed, "communication_thread", row.GetGuid(0), AlertSeverity.Normal)
            {
                Label = row.Optional<string>(5) ?? row.Optional<string>(6),
                BusinessEntity = row.Optional<string>(7) is { } word ? WireText.Parse<BusinessEntity>(word) : null,
                OrderId = row.OptionalValue<Guid>(8),
                FactAt = row.GetFieldValue<DateTimeOffset>(3),
                Detail = new() { Count = row.GetInt32(1), Since = row.GetFieldValue<DateTimeOffset>(2), Reason = row.GetBoolean(4) ? "failed" : "uncertain" },
            });
        }

        return AlertFacts.Of(found);
    }
}
