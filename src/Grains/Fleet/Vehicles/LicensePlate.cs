using System.Collections.Frozen;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>
/// Registration numbers. A Dutch one (kenteken) has six characters in one of the patterns that were ever given out; any other is
/// taken as foreign and can't be checked.
/// </summary>
public static class LicensePlate
{
    private const int MaxTyped = 20;

    // Letters and digits between the dashes. Without the dashes no two are the same, so they can be put back.
    private static readonly FrozenDictionary<string, string> DutchPatterns = new[]
    {
        "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
        "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
    }.ToFrozenDictionary(pattern => pattern.Replace("-", "", StringComparison.Ordinal));

    /// <summary>The normal form, by which plates are compared: ASCII letters and digits only, in capitals.</summary>
    public static string Normalized(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <summary>Whether it has a Dutch pattern; any other plate is unchecked.</summary>
    public static bool IsDutch(string text) => PatternOf(Normalized(text)) is not null;

    /// <summary>As it is on the vehicle: a Dutch plate with its dashes; any other as it is given.</summary>
    public static string Shown(string text)
    {
        var plate = Normalized(text);
        if (PatternOf(plate) is not { } pattern)
        {
            return text;
        }

        var next = 0;
        return string.Concat(pattern.Select(place => place == '-' ? '-' : plate[next++]));
    }

    /// <summary>Why it is not a plate; null where it may be one, somewhere.</summary>
    public static string? Fault(string text) => !text.Any(char.IsAsciiLetterOrDigit) ? "is required: letters and digits, as on the plate"
        : text.Length > MaxTyped ? $"must be at most {MaxTyped} characters"
        : null;

    private static string? PatternOf(string plate) =>
        DutchPatterns.GetValueOrDefault(string.Concat(plate.Select(character => char.IsAsciiDigit(character) ? '9' : 'X')));
}
