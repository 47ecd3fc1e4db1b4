using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Alerts.Sources;

/// <summary>
/// What vehicles know of themselves: that their tracker's clock is wrong; and, raised by the vehicle in the commit that told of it, that
/// one drove too fast, which is over after a while.
/// </summary>
internal sealed class FleetSource(NpgsqlDataSource source, IOptions<AlertOptions> options) : IAlertSource
{
    private const string SelectRefused = """
        SELECT r.vehicle_id, coalesce(v.vehicle_name, v.license_plate), r.reason, r.since
        FROM vehicle_refusal r JOIN vehicle v ON v.id = r.vehicle_id
        WHERE r.off_by_seconds IS NOT NULL AND r.told_since = r.since AND r.at > $1 ORDER BY r.at DESC LIMIT $2
        """;

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.Overspeed, AlertType.ClockRefused];

    public bool IsQuick => false;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectRefused);
        command.Parameters.Add(Sql.Time(now - options.Value.ClockFor));
        command.Parameters.Add(Sql.Integer(AlertFacts.Most + 1));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AlertFact>();
        while (await row.ReadAsync(cancellation))
        {
            var van = row.GetGuid(0);
            found.Add(new(AlertType.ClockRefused, "vehicle", van, AlertSeverity.Normal)
            {
                Label = row.GetString(1), VehicleId = van, Detail = new() { Reason = row.GetString(2), Since = row.GetFieldValue<DateTimeOffset>(3) },
            });
        }

        var refused = AlertFacts.Of(found);
        var fast = standing.Where(alert => alert.AlertType == AlertType.Overspeed && alert.FactAt > now - options.Value.OverspeedFor);
        return refused with { Items = [.. refused.Items, .. fast.Select(Same)] };
    }

    private static AlertFact Same(Alert alert) => new(alert.AlertType, alert.EntityType, alert.EntityId, alert.Severity)
    {
        Label = alert.Label, BusinessEntity = alert.BusinessEntity, VehicleId = alert.VehicleId, VisitId = alert.VisitId, OrderId = alert.OrderId,
        FactAt = alert.FactAt, Detail = alert.Detail,
    };
}
