using ChargeCars.Planning.Arrivals;
using Microsoft.Extensions.Options;

namespace ChargeCars.Alerts.Sources;

/// <summary>
/// Runs the evaluator over the visits of today: which will be late, which vans on a job are silent. What it expects of each it has
/// told on the way, as it moves.
/// </summary>
internal sealed class DaySource(ArrivalTeller arrivals, IOptions<AlertOptions> options) : IAlertSource
{
    public IReadOnlyList<AlertType> Types { get; } = [AlertType.VisitLate, AlertType.SignalLost];

    public bool IsQuick => false;

    public async Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        var day = await arrivals.ReadAsync(now, cancellation);
        await arrivals.TellAsync(day.Visits, now);
        var late = standing.Where(alert => alert.AlertType == AlertType.VisitLate).Select(alert => alert.EntityId).ToHashSet();
        return new([.. LateRule.Facts(day.Visits, late, options.Value), .. SilenceRule.Facts(day, options.Value, now)]);
    }
}
