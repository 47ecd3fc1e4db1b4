using System.Text.Json.Serialization;

namespace ChargeCars.Identity.Preferences;

/// <summary>How loudly the screen is heard (<c>user_preference.sound</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<SoundLevel>))]
public enum SoundLevel
{
    /// <summary>Not at all: what needs somebody is seen, and read out to who has the page read.</summary>
    Off,

    /// <summary>Softly, for a room where others talk on the phone.</summary>
    Low,

    /// <summary>As it is where nothing was set.</summary>
    Normal,
}

/// <summary>What the screen shows, under a name: view, filters, selection and map, as they stand in the page's address.</summary>
[GenerateSerializer, Immutable, Alias("saved-view")]
public sealed record SavedView
{
    /// <summary>What its owner calls it; no two of an owner's are called the same.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>The part of the page's address from its <c>#</c>, as in <c>#/kaart?status=rijdt</c>.</summary>
    [Id(1)] public string Address { get; init; } = "";

    /// <summary>Whether colleagues see it too.</summary>
    [Id(2)] public bool IsShared { get; init; }
}

/// <summary>Whether a part of a panel is open.</summary>
[GenerateSerializer, Immutable, Alias("panel-fold")]
public sealed record PanelFold
{
    /// <summary>The part's name, in lower-case letters and dashes.</summary>
    [Id(0)] public string Section { get; init; } = "";

    /// <summary>Whether it is open; else it is folded.</summary>
    [Id(1)] public bool IsOpen { get; init; }
}

/// <summary>What a person may set of the screen for themselves.</summary>
[GenerateSerializer, Immutable, Alias("user-preferences-details")]
public record UserPreferencesDetails
{
    /// <summary>The views that were saved, in the order in which the keys 1 to 9 open them; at most 40.</summary>
    [Id(0)] public IReadOnlyList<SavedView> Views { get; init; } = [];

    /// <summary>What was folded or opened in the panels; what is not named is as the screen has it. At most 40.</summary>
    [Id(1)] public IReadOnlyList<PanelFold> Folds { get; init; } = [];

    /// <summary>How loudly calls, and the alerts that deserve it, are heard.</summary>
    [Id(2)] public SoundLevel Sound { get; init; } = SoundLevel.Normal;
}

/// <summary>What a person has set of the screen. A row of <c>user_preference</c>, by the account's id.</summary>
[GenerateSerializer, Immutable, Alias("user-preferences")]
public sealed record UserPreferences : UserPreferencesDetails, IEntityState
{
    /// <summary>The account.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>0 while nothing was set.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }
}
