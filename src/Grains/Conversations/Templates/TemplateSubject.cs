namespace ChargeCars.Conversations.Templates;

/// <summary>What a message is about.</summary>
/// <param name="BusinessEntity">The name that speaks.</param>
/// <param name="OrderId">The order; null where it is about none.</param>
/// <param name="VisitId">The visit; null where it is about none.</param>
/// <param name="CustomerId">Whom it is for, where there is no order to say so.</param>
internal sealed record TemplateSubject(BusinessEntity? BusinessEntity, Guid? OrderId = null, Guid? VisitId = null, Guid? CustomerId = null)
{
    /// <summary>The arrival that is told; null where nobody can say, or nobody may know.</summary>
    public ToldArrival? Arrival { get; init; }

    /// <summary>The customer's link, as the text shows it; null where there is none.</summary>
    public string? Link { get; init; }
}

/// <summary>An arrival as it is told: whole multiples of five minutes, UTC.</summary>
/// <param name="From">Hardly before.</param>
/// <param name="Until">Hardly after.</param>
/// <param name="Expected">Most likely; null where only the range is known.</param>
internal sealed record ToldArrival(DateTimeOffset From, DateTimeOffset Until, DateTimeOffset? Expected = null)
{
    private static readonly long Step = TimeSpan.FromMinutes(5).Ticks;

    /// <summary>A forecast as it is told: nobody knows an arrival to the minute.</summary>
    public static ToldArrival Of(DateTimeOffset earliest, DateTimeOffset expected, DateTimeOffset latest) =>
        new(Down(earliest), Up(latest), Down(expected.AddTicks(Step / 2)));

    private static DateTimeOffset Down(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Step), TimeSpan.Zero);

    private static DateTimeOffset Up(DateTimeOffset at) => Down(at.AddTicks(Step - 1));
}
