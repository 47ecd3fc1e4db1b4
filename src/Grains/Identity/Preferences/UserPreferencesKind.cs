using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Identity.Preferences;

/// <summary>What people have set of the screen: a declared shape of bounded size, and nothing that the server acts on.</summary>
public sealed class UserPreferencesKind : IEntityKind<UserPreferences, UserPreferencesDetails>
{
    /// <summary>How many views one person may save.</summary>
    public const int MostViews = 40;

    private const int MostFolds = 40;
    private const int LongestAddress = 600;

    /// <inheritdoc/>
    public static RowMapping<UserPreferences> Rows { get; } = new("user_preference");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>(), new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") }, "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(UserPreferencesDetails details, DateTimeOffset now) => new FieldFaults()
        .Each("views", details.Views, MostViews, static (faults, view) => faults
            .Text("name", view.Name, 1..60)
            .Text("address", view.Address, 1..LongestAddress)
            .Rule("address", !view.Address.StartsWith("#/", StringComparison.Ordinal), "must begin with #/"))
        .Fault("views", Twice(details.Views.Where(view => view?.Name is not null).Select(view => PlainText.Tidy(view.Name))) is { } name ? $"has two of the name {name}" : null)
        .Each("folds", details.Folds, MostFolds, static (faults, fold) => faults
            .Rule("section", !IsSection(fold.Section), "must be 1 to 40 lower-case letters and dashes"))
        .Fault("folds", Twice(details.Folds.Where(fold => fold is not null).Select(fold => fold.Section)) is { } section ? $"names {section} twice" : null)
        .Invalid;

    /// <inheritdoc/>
    public static UserPreferencesDetails Normalized(UserPreferencesDetails details) => details with
    {
        Views = [.. details.Views.Select(view => view with { Name = PlainText.Tidy(view.Name), Address = PlainText.Tidy(view.Address) })],
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(UserPreferences state) => new(null, null, null, null);

    /// <inheritdoc/>
    public static object Label(UserPreferences state) => new { state.Id };

    // What somebody seeks and saves is theirs: others are told that it changed, and read what is shared.
    /// <inheritdoc/>
    public static object Told(UserPreferences state) => new { state.Version };

    private static string? Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Key;

    private static bool IsSection(string? text) => text is { Length: >= 1 and <= 40 } && text.All(letter => char.IsAsciiLetterLower(letter) || letter == '-');
}
