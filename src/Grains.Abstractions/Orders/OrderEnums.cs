using System.Text.Json.Serialization;

namespace ChargeCars.Orders;

/// <summary>What is ordered.</summary>
[JsonConverter(typeof(WireEnumConverter<OrderType>))]
public enum OrderType
{
    /// <summary>A charger is installed.</summary>
    Installation,

    /// <summary>A charger is repaired or looked after.</summary>
    Service,

    /// <summary>A charger or its connection is changed for a better one.</summary>
    Upgrade,

    /// <summary>A charger is taken away.</summary>
    Removal,
}

/// <summary>How urgent it is.</summary>
[JsonConverter(typeof(WireEnumConverter<PriorityLevel>))]
public enum PriorityLevel
{
    /// <summary>When there is time.</summary>
    Low,

    /// <summary>In its turn.</summary>
    Normal,

    /// <summary>Before others.</summary>
    High,

    /// <summary>Now.</summary>
    Urgent,
}

/// <summary>Where an order is in its life (facts/orders.md).</summary>
[JsonConverter(typeof(WireEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>Taken in.</summary>
    New,

    /// <summary>A quote was sent.</summary>
    Quoted,

    /// <summary>To be planned.</summary>
    Approved,

    /// <summary>A visit is scheduled.</summary>
    Planned,

    /// <summary>A visit was started.</summary>
    InProgress,

    /// <summary>The visits are done; sign-off is awaited.</summary>
    WorkDone,

    /// <summary>Inspection or customer found it wanting.</summary>
    Rework,

    /// <summary>Signed off.</summary>
    Completed,

    /// <summary>The invoice is issued.</summary>
    Invoiced,

    /// <summary>Paid, or nothing was to be invoiced.</summary>
    Closed,

    /// <summary>Waits for something; remembers where it came from.</summary>
    OnHold,

    /// <summary>Will not be done.</summary>
    Cancelled,
}

/// <summary>The actions on an order.</summary>
public enum OrderAction
{
    /// <summary>A quote was sent to the customer.</summary>
    SubmitQuote,

    /// <summary>The customer accepted it.</summary>
    AcceptQuote,

    /// <summary>The customer rejected it, or it expired.</summary>
    RejectQuote,

    /// <summary>It needs no quote.</summary>
    Approve,

    /// <summary>A visit is scheduled.</summary>
    Plan,

    /// <summary>A visit was started.</summary>
    Start,

    /// <summary>All visits are done.</summary>
    FinishWork,

    /// <summary>The work is not good.</summary>
    RejectWork,

    /// <summary>The work is signed off.</summary>
    Complete,

    /// <summary>The invoice is issued.</summary>
    Invoice,

    /// <summary>It is paid.</summary>
    Close,

    /// <summary>It waits.</summary>
    Hold,

    /// <summary>It goes on where it was.</summary>
    Resume,

    /// <summary>It will not be done.</summary>
    Cancel,

    /// <summary>All its visits were cancelled; taken by what visits do, not by people.</summary>
    Unplan,
}
