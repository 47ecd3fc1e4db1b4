using ChargeCars.Conversations.Templates;

namespace ChargeCars.Relations.BusinessEntities;

/// <summary>Whether and how a business entity's customers are told that a van is on its way to them.</summary>
[GenerateSerializer, Immutable, Alias("on-the-way-settings")]
public sealed record OnTheWaySettings
{
    /// <summary>Whether they are told at all.</summary>
    [Id(0)] public bool IsOn { get; init; }

    /// <summary>In which language.</summary>
    [Id(1)] public TemplateLanguage Language { get; init; }

    /// <summary>They are told again when the arrival begins earlier or ends later than was told by more than these minutes, 5 to 240. Default 15.</summary>
    [Id(2)] public int ShiftMinutes { get; init; } = 15;
}
