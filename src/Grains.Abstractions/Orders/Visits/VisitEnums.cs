using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Visits;

/// <summary>What a visit is for.</summary>
[JsonConverter(typeof(WireEnumConverter<VisitType>))]
public enum VisitType
{
    /// <summary>Somebody looks what must be done.</summary>
    Survey,

    /// <summary>A charger is installed.</summary>
    Install,

    /// <summary>A charger is repaired or looked after.</summary>
    Service,

    /// <summary>Work is put right.</summary>
    Rework,

    /// <summary>A charger is taken away.</summary>
    Removal,
}

/// <summary>Where a visit is in its life (facts/orders.md).</summary>
[JsonConverter(typeof(WireEnumConverter<VisitStatus>))]
public enum VisitStatus
{
    /// <summary>Without a time.</summary>
    Draft,

    /// <summary>Has its time.</summary>
    Scheduled,

    /// <summary>The customer knows of it.</summary>
    Confirmed,

    /// <summary>The van is on its way.</summary>
    EnRoute,

    /// <summary>The van is there.</summary>
    OnSite,

    /// <summary>The work goes on.</summary>
    InProgress,

    /// <summary>The work rests.</summary>
    Paused,

    /// <summary>The work is done.</summary>
    Completed,

    /// <summary>The work could not be finished; another visit is needed.</summary>
    Incomplete,

    /// <summary>Nobody was there.</summary>
    NoShow,

    /// <summary>Will not be made.</summary>
    Cancelled,
}

/// <summary>The actions on a visit.</summary>
public enum VisitAction
{
    /// <summary>Give it a time.</summary>
    Schedule,

    /// <summary>Give it another time.</summary>
    Reschedule,

    /// <summary>The customer agreed.</summary>
    Confirm,

    /// <summary>Set off.</summary>
    Depart,

    /// <summary>Be there.</summary>
    Arrive,

    /// <summary>Begin the work.</summary>
    Start,

    /// <summary>Let the work rest.</summary>
    Pause,

    /// <summary>Go on with it.</summary>
    Resume,

    /// <summary>The work is done.</summary>
    Complete,

    /// <summary>The work could not be finished.</summary>
    Fail,

    /// <summary>Nobody was there.</summary>
    NoShow,

    /// <summary>It will not be made.</summary>
    Cancel,

    /// <summary>Takes its time and its crew away again.</summary>
    Unschedule,
}

/// <summary>What is said of statuses alike.</summary>
public static class VisitStatuses
{
    /// <summary>Whether something is still to be done.</summary>
    public static bool IsOpen(this VisitStatus status) =>
        status is not (VisitStatus.Completed or VisitStatus.Incomplete or VisitStatus.NoShow or VisitStatus.Cancelled);

    /// <summary>Whether the crew is at the customer's.</summary>
    public static bool IsThere(this VisitStatus status) => status is VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused;

    /// <summary>Whether it takes the time of its van and crew.</summary>
    public static bool TakesTime(this VisitStatus status) => status is not (VisitStatus.Cancelled or VisitStatus.NoShow);
}
