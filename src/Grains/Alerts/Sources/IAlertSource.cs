namespace ChargeCars.Alerts.Sources;

/// <summary>Finds the facts of some types that hold now.</summary>
internal interface IAlertSource
{
    /// <summary>The types that it finds, and nobody else does.</summary>
    IReadOnlyList<AlertType> Types { get; }

    /// <summary>Whether it is asked as soon as something has changed, and not only in its turn: it takes a statement or a few.</summary>
    bool IsQuick { get; }

    /// <summary>The facts that hold. Writes no alert.</summary>
    /// <param name="standing">The alerts of its types that have not ended.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellation">Ends the reading.</param>
    Task<AlertFacts> ReadAsync(IReadOnlyList<Alert> standing, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Facts that hold.</summary>
/// <param name="Items">The facts.</param>
/// <param name="IsComplete">Whether these are all; where they are not, an alert that is not among them stays.</param>
internal sealed record AlertFacts(IReadOnlyList<AlertFact> Items, bool IsComplete = true)
{
    /// <summary>So many of a type are raised at most.</summary>
    public const int Most = 1_000;

    /// <summary>What a statement with a limit of one more found.</summary>
    public static AlertFacts Of(List<AlertFact> found) => found.Count > Most ? new(found[..Most], IsComplete: false) : new(found);
}
