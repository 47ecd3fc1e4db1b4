using ChargeCars.Alerts.Sources;

namespace ChargeCars.Alerts;

/// <summary>A command that brings an alert in line with the facts.</summary>
/// <param name="Id">The alert.</param>
/// <param name="Version">The version that it was planned on; 0 where there is none.</param>
/// <param name="Command">The command.</param>
internal sealed record PlannedAlert(Guid Id, long Version, AlertCommand Command);

/// <summary>What must be written so that the alerts say what holds: pure. In the common case nothing.</summary>
internal static class AlertPlan
{
    /// <summary>The commands, each of another alert.</summary>
    /// <param name="facts">What holds.</param>
    /// <param name="standing">The alerts of the same types that have not ended.</param>
    public static IReadOnlyList<PlannedAlert> Of(AlertFacts facts, IReadOnlyCollection<Alert> standing)
    {
        var known = standing.ToDictionary(alert => alert.Id);
        var holding = facts.Items.DistinctBy(fact => fact.AlertId).ToDictionary(fact => fact.AlertId);
        return
        [
            .. holding.Where(fact => !known.TryGetValue(fact.Key, out var alert) || AlertDecider.IsNews(alert, fact.Value))
                .Select(fact => new PlannedAlert(fact.Key, known.GetValueOrDefault(fact.Key)?.Version ?? 0, new RaiseAlert(fact.Value))),
            .. standing.Where(alert => facts.IsComplete && !holding.ContainsKey(alert.Id))
                .Select(alert => new PlannedAlert(alert.Id, alert.Version, new EndAlert())),
        ];
    }
}
