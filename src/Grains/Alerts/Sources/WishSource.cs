using ChargeCars.Conversations.Tracking;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Alerts.Sources;

/// <summary>Visits whose customers asked by their link for another time, until they have one, or are content with the one that they have.</summary>
internal sealed class WishSource(NpgsqlDataSource source) : IAlertSource
{
    private const string SelectWishes = $"""
        SELECT v.id, v.number, v.business_entity, v.order_id, v.vehicle_id, l.wished_at, v.scheduled_start
        FROM tracking_link l JOIN visit v ON v.id = l.visit_id WHERE {TrackingLinks.HasWish} ORDER BY l.wished_at DESC LIMIT $1
        """;

    // A wish about today can't wait for tomorrow.
    private static readonly TimeSpan Soon = TimeSpan.FromHours(24);

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.RescheduleAsked];

    public bool IsQuick => true;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectWishes);
        command.Parameters.Add(Sql.Integer(AlertFacts.Most + 1));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AlertFact>();
        while (await row.ReadAsync(cancellation))
        {
            var (visit, wishedAt, start) = (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6));
            found.Add(new(AlertType.RescheduleAsked, "visit", visit, start - now <= Soon ? AlertSeverity.High : AlertSeverity.Normal)
            {
                Label = row.GetString(1),
                BusinessEntity = WireText.Parse<BusinessEntity>(row.GetString(2)),
                VisitId = visit,
                OrderId = row.GetGuid(3),
                VehicleId = row.OptionalValue<Guid>(4),
                FactAt = wishedAt,
                Detail = new() { Since = wishedAt, DueAt = start },
            });
        }

        return AlertFacts.Of(found);
    }
}
