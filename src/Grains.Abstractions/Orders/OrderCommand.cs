using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders;

/// <summary>Takes an order in.</summary>
/// <param name="Details">What an editor sets.</param>
/// <param name="OrderNumber">The number that was given to the order's id; asked for again it is the same.</param>
/// <param name="LineItems">Its first lines, priced.</param>
[GenerateSerializer, Immutable, Alias("order.place")]
public sealed record PlaceOrder(OrderDetails Details, string OrderNumber, IReadOnlyList<LineItem> LineItems) : EntityCommand<Order>;

/// <summary>Adds a line, or puts it in the place of the one with its id.</summary>
/// <param name="Line">The line, priced.</param>
[GenerateSerializer, Immutable, Alias("order.set-line")]
public sealed record SetLineItem(LineItem Line) : EntityCommand<Order>;

/// <summary>Takes a line away.</summary>
/// <param name="LineId">Which.</param>
[GenerateSerializer, Immutable, Alias("order.remove-line")]
public sealed record RemoveLineItem(Guid LineId) : EntityCommand<Order>;

/// <summary>One of the actions of the transition table.</summary>
/// <param name="Action">Which.</param>
[GenerateSerializer, Immutable, Alias("order.act")]
public sealed record ActOnOrder(OrderAction Action) : EntityCommand<Order>
{
    /// <summary>Why; required to reject, hold and cancel.</summary>
    [Id(0)] public string? Reason { get; init; }

    /// <summary>Who accepted the quote; <see cref="OrderAction.AcceptQuote"/> only, required there.</summary>
    [Id(1)] public string? AcceptedByName { get; init; }

    /// <summary>The day on which it goes on by itself; <see cref="OrderAction.Hold"/> only.</summary>
    [Id(2)] public DateOnly? ResumeDate { get; init; }

    /// <summary>Whether the customer is waited for; <see cref="OrderAction.Hold"/> only.</summary>
    [Id(3)] public bool WaitingOnCustomer { get; init; }

    /// <summary>Why it is completed without a signature; <see cref="OrderAction.Complete"/> only.</summary>
    [Id(4)] public string? SignoffWaivedReason { get; init; }

    /// <summary>Whether the caller may cancel work that was begun.</summary>
    [Id(5)] public bool ByManager { get; init; }
}

/// <summary>Ends a hold on its day; the program's own command. Nothing where the order is on hold no more.</summary>
[GenerateSerializer, Immutable, Alias("order.end-hold")]
public sealed record EndHold : EntityCommand<Order>;

/// <summary>Moves its deadline to where the business entity's calendar has it now; the program's own command.</summary>
[GenerateSerializer, Immutable, Alias("order.follow-calendar")]
public sealed record FollowCalendar : EntityCommand<Order>;

/// <summary>A visit's word to its order; the program's own command. Moves the order where the table has an arrow, and never refuses.</summary>
/// <param name="Visit">The visit as it is now.</param>
[GenerateSerializer, Immutable, Alias("order.follow-visit")]
public sealed record FollowVisit(OrderVisit Visit) : EntityCommand<Order>;

/// <summary>
/// Takes the order's next step by the visits that it knows, after it moved by itself; the program's own command. Never refuses.
/// </summary>
[GenerateSerializer, Immutable, Alias("order.follow-visits")]
public sealed record FollowVisits : EntityCommand<Order>;
