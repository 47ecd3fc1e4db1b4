namespace ChargeCars.Orders.Visits;

/// <summary>
/// A visit's checklist (<c>visit.checklist</c>): the items as they were when the visit got them, and the answers. A template
/// that changes later changes no visit.
/// </summary>
[GenerateSerializer, Immutable, Alias("checklist")]
public sealed record Checklist
{
    /// <summary>The template that it was made from.</summary>
    [Id(0)] public string Template { get; init; } = "";

    /// <summary>The template's version.</summary>
    [Id(1)] public string Version { get; init; } = "";

    /// <summary>The items in their order.</summary>
    [Id(2)] public IReadOnlyList<ChecklistItem> Items { get; init; } = [];

    /// <summary>What was answered, by the items' codes.</summary>
    [Id(3)] public IReadOnlyDictionary<string, ChecklistEntry> Answers { get; init; } = new Dictionary<string, ChecklistEntry>();
}

/// <summary>An answer as it is given.</summary>
[GenerateSerializer, Immutable, Alias("checklist-answer")]
public record ChecklistAnswer
{
    /// <summary>The value, of the item's type; none for pictures.</summary>
    [Id(0)] public ChecklistValue? Value { get; init; }

    /// <summary>The pictures: attachments of the visit.</summary>
    [Id(1)] public IReadOnlyList<Guid> PhotoIds { get; init; } = [];

    /// <summary>With which instrument it was measured: type and number.</summary>
    [Id(2)] public string? Instrument { get; init; }

    /// <summary>What else is to be said.</summary>
    [Id(3)] public string? Note { get; init; }
}

/// <summary>An answer as it is kept.</summary>
[GenerateSerializer, Immutable, Alias("checklist-entry")]
public sealed record ChecklistEntry : ChecklistAnswer
{
    /// <summary>A given answer, nobody's yet.</summary>
    public ChecklistEntry(ChecklistAnswer answer) : base(answer)
    {
    }

    /// <summary>An empty one, for who reads rows.</summary>
    public ChecklistEntry()
    {
    }

    /// <summary>When it was given, UTC.</summary>
    [Id(0)] public DateTimeOffset AnsweredAt { get; init; }

    /// <summary>Who gave it: the contact; null where a program did.</summary>
    [Id(1)] public Guid? AnsweredBy { get; init; }
}
