using ChargeCars.Platform.Entities;

namespace ChargeCars.Alerts;

/// <summary>What people can do with an alert. Facts raise and end it, whatever its status.</summary>
internal static class AlertTransitions
{
    private static readonly AlertStatus[] Active = [AlertStatus.Open, AlertStatus.Snoozed];

    public static TransitionTable<Alert, AlertStatus, AlertAction> Table { get; } =
        new TransitionTable<Alert, AlertStatus, AlertAction>(alert => alert.Status)
            .Add(Active, AlertAction.Done, AlertStatus.Done)
            .Add(Active, AlertAction.Snooze, AlertStatus.Snoozed)
            .Add(AlertStatus.Open, AlertAction.Assign, AlertStatus.Open)
            .Add(AlertStatus.Snoozed, AlertAction.Assign, AlertStatus.Snoozed)
            .Add([AlertStatus.Snoozed, AlertStatus.Done], AlertAction.Reopen, AlertStatus.Open);
}
