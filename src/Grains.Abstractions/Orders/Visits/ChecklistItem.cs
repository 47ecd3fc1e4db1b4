using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Visits;

/// <summary>What an item of a checklist asks for.</summary>
[JsonConverter(typeof(WireEnumConverter<ChecklistItemType>))]
public enum ChecklistItemType
{
    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>A measured or counted value.</summary>
    Number,

    /// <summary>Words.</summary>
    Text,

    /// <summary>Pictures only.</summary>
    Photo,

    /// <summary>One of some words.</summary>
    Choice,
}

/// <summary>One item of a checklist. What it accepts is part of it, so that a frozen list keeps the bounds of its day.</summary>
[GenerateSerializer, Immutable, Alias("checklist-item")]
public sealed record ChecklistItem
{
    /// <summary>Its name in answers, unique in its list: <c>rcd_trip_time</c>.</summary>
    [Id(0)] public string Code { get; init; } = "";

    /// <summary>What a person reads.</summary>
    [Id(1)] public string Label { get; init; } = "";

    /// <summary>The heading under which it stands.</summary>
    [Id(2)] public string? Group { get; init; }

    /// <summary>What it asks for; required.</summary>
    [Id(3)] public ChecklistItemType? Type { get; init; }

    /// <summary>The unit of a number: <c>ms</c>, <c>MΩ</c>.</summary>
    [Id(4)] public string? Unit { get; init; }

    /// <summary>The least number that passes.</summary>
    [Id(5)] public decimal? Minimum { get; init; }

    /// <summary>The greatest number that passes.</summary>
    [Id(6)] public decimal? Maximum { get; init; }

    /// <summary>The answer to yes or no that passes; null where both do.</summary>
    [Id(7)] public bool? Expected { get; init; }

    /// <summary>The words to choose from.</summary>
    [Id(8)] public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Those of them that pass; empty where all do.</summary>
    [Id(9)] public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Whether the visit can't be completed without an answer.</summary>
    [Id(10)] public bool Required { get; init; }

    /// <summary>Whether the answer needs a picture.</summary>
    [Id(11)] public bool PhotoRequired { get; init; }

    /// <summary>Whether the answer must say with which instrument it was measured.</summary>
    [Id(12)] public bool InstrumentRequired { get; init; }
}

/// <summary>A list of items that new visits get.</summary>
[GenerateSerializer, Immutable, Alias("checklist-template")]
public sealed record ChecklistTemplate
{
    /// <summary>Its name for programs: <c>installation_sign_off</c>.</summary>
    [Id(0)] public string Code { get; init; } = "";

    /// <summary>What a person reads.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>Which items these are: another item, bound or word is another version.</summary>
    [Id(2)] public string Version { get; init; } = "";

    /// <summary>The items in their order.</summary>
    [Id(3)] public IReadOnlyList<ChecklistItem> Items { get; init; } = [];
}
