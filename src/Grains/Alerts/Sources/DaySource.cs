using ChargeCars.Planning.Arrivals;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Alerts.Sources;

/// <summary>
/// Runs the evaluator over the visits of today: which will be late, which vans on a job are silent. What it expects of each it has
/// told on the way, as it moves.
/// </summary>
internal sealed class DaySource(ArrivalTeller arrivals, NpgsqlDataSource source, IOptions<AlertOptions> options) : IAlertSource
{
    private const string SelectLeft = "SELECT id FROM visit WHERE id = ANY ($1) AND status IN ('scheduled', 'confirmed') AND scheduled_end <= $2";

    public IReadOnlyList<AlertType> Types { get; } = [AlertType.VisitLate, AlertType.SignalLost];

    public bool IsQuick => false;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        var day = await arrivals.ReadAsync(now, cancellation);
        await arrivals.TellAsync(day.Visits, now);
        var late = standing.Where(alert => alert.AlertType == AlertType.VisitLate).ToDictionary(alert => alert.EntityId);
        return new(
        [
            .. LateRule.Facts(day.Visits, late.Keys.ToHashSet(), options.Value),
            .. await LeftAsync(late, WallClock.StartOf(WallClock.DateOf(now)), cancellation),
            .. SilenceRule.Facts(day, options.Value, now),
        ]);
    }

    /// <summary>A visit of a day before that nobody made, put off or cancelled: it is late until somebody decides.</summary>
    private async Task<List<AlertFact>> LeftAsync(Dictionary<Guid, Alert> late, DateTimeOffset today, CancellationToken cancellation)
    {
        var left = new List<AlertFact>();
        if (late.Count == 0)
        {
            return left;
        }

        await using var command = source.CreateCommand(SelectLeft);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, late.Keys.ToArray()));
        command.Parameters.Add(Sql.Time(today));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var alert = late[row.GetGuid(0)];
            left.Add(new(alert.AlertType, alert.EntityType, alert.EntityId, alert.Severity)
            {
                Label = alert.Label, BusinessEntity = alert.BusinessEntity, VehicleId = alert.VehicleId, VisitId = alert.VisitId, OrderId = alert.OrderId,
                Detail = alert.Detail,
            });
        }

        return left;
    }
}
