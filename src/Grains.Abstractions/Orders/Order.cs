using System.Text.Json.Serialization;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Pricing;

namespace ChargeCars.Orders;

/// <summary>An order with its lines. A row of <c>order</c>.</summary>
[GenerateSerializer, Immutable, Alias("order")]
public record Order : OrderDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its number; given at creation.</summary>
    [Id(4)] public string OrderNumber { get; init; } = "";

    /// <summary>Where it is in its life.</summary>
    [Id(5)] public OrderStatus OrderStatus { get; init; }

    /// <summary>The day on which it was completed.</summary>
    [Id(6)] public DateOnly? ActualCompletionDate { get; init; }

    /// <summary>The sum of the lines in euros without BTW; null for who may not see prices.</summary>
    [Id(7)] public decimal? NetAmount { get; init; }

    /// <summary>BTW in euros.</summary>
    [Id(8)] public decimal? VatAmount { get; init; }

    /// <summary>Net and BTW.</summary>
    [Id(9)] public decimal? TotalAmount { get; init; }

    /// <summary>BTW by rate.</summary>
    [Id(10)] public IReadOnlyList<VatLine>? VatBreakdown { get; init; }

    /// <summary>The sum at partner prices, without BTW.</summary>
    [Id(11)] public decimal? PartnerTotalAmount { get; init; }

    /// <summary>While on hold: the status that it goes back to.</summary>
    [Id(12)] public OrderStatus? HeldFrom { get; init; }

    /// <summary>While on hold: why.</summary>
    [Id(13)] public string? HoldReason { get; init; }

    /// <summary>While on hold: the day on which it goes on by itself.</summary>
    [Id(14)] public DateOnly? ResumeDate { get; init; }

    /// <summary>While on hold: whether the customer is waited for, so that the deadline waits too.</summary>
    [Id(15)] public bool WaitingOnCustomer { get; init; }

    /// <summary>Who accepted the quote.</summary>
    [Id(16)] public string? AcceptedByName { get; init; }

    /// <summary>Why it was cancelled.</summary>
    [Id(17)] public string? CancelReason { get; init; }

    /// <summary>Why it was completed without the customer's signature.</summary>
    [Id(18)] public string? SignoffWaivedReason { get; init; }

    /// <summary>Its visits as far as the order needs to know them, by what they told it.</summary>
    [Id(19)] public IReadOnlyList<OrderVisit> Visits { get; init; } = [];

    /// <summary>The clock of its deadline.</summary>
    [Id(20), JsonIgnore] public SlaClock? Sla { get; init; }

    /// <summary>By when the present step must be done, UTC; null while the clock stands still.</summary>
    [Id(21)] public DateTimeOffset? SlaDeadline { get; init; }

    /// <summary>Its lines, in their order.</summary>
    [Id(22)] public IReadOnlyList<LineItem> LineItems { get; init; } = [];

    /// <summary>The partner's names for it, as rows.</summary>
    [Id(23), JsonIgnore] public IReadOnlyList<PartnerReference> References { get; init; } = [];
}

/// <summary>A visit as its order knows it.</summary>
/// <param name="Id">The visit.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="IsSigned">Whether the customer signed.</param>
[GenerateSerializer, Immutable, Alias("order-visit")]
public sealed record OrderVisit(Guid Id, Visits.VisitStatus Status, bool IsSigned)
{
    /// <summary>What it is for: a survey alone does not finish the work. Null for one that told its order before visits said so.</summary>
    [Id(0)] public Visits.VisitType? VisitType { get; init; }

    /// <summary>Whether the work was rejected after it: neither its end nor its signature counts for the rework.</summary>
    [Id(1)] public bool IsRejected { get; init; }
}
