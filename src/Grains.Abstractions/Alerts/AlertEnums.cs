using System.Text.Json.Serialization;

namespace ChargeCars.Alerts;

/// <summary>What an alert says.</summary>
[JsonConverter(typeof(WireEnumConverter<AlertType>))]
public enum AlertType
{
    /// <summary>A visit will begin later than its customer was promised.</summary>
    VisitLate,

    /// <summary>A van is on a job and sends no position.</summary>
    SignalLost,

    /// <summary>A van drove too fast.</summary>
    Overspeed,

    /// <summary>A van's positions are refused, or their times put right: its tracker's clock is wrong.</summary>
    ClockRefused,

    /// <summary>Something should have moved on by now.</summary>
    StatusOverdue,

    /// <summary>Somebody called, and nobody answered.</summary>
    CallMissed,

    /// <summary>What followed from a command was refused, or failed too often.</summary>
    ConsequenceFailed,

    /// <summary>A message did not arrive, or nobody knows whether it left.</summary>
    MessageFailed,

    /// <summary>A customer asked by their link for another time.</summary>
    RescheduleAsked,
}

/// <summary>How far an alert is.</summary>
[JsonConverter(typeof(WireEnumConverter<AlertStatus>))]
public enum AlertStatus
{
    /// <summary>It needs somebody.</summary>
    Open,

    /// <summary>Put away until a time.</summary>
    Snoozed,

    /// <summary>Somebody has seen to it, and what it says still holds.</summary>
    Done,

    /// <summary>What it said does not hold any more.</summary>
    Ended,
}

/// <summary>How much an alert presses.</summary>
[JsonConverter(typeof(WireEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>At once.</summary>
    High,

    /// <summary>When there is time.</summary>
    Normal,
}

/// <summary>What a person can do with an alert.</summary>
public enum AlertAction
{
    /// <summary>Say that it is seen to.</summary>
    Done,

    /// <summary>Put it away for a while.</summary>
    Snooze,

    /// <summary>Give it to a colleague, or to nobody.</summary>
    Assign,

    /// <summary>Bring it back.</summary>
    Reopen,
}
