using System.Globalization;
using System.Text.RegularExpressions;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Addresses;

/// <summary>
/// A house number as the Dutch register of addresses (BAG) has it. <see cref="ToString"/> is its one canonical text, <c>14D-1</c>,
/// from which the parts are read again.
/// </summary>
/// <param name="Number">1 to 99999.</param>
/// <param name="Letter">A to Z; null where it has none.</param>
/// <param name="Addition">1 to 4 capitals or digits; null where it has none.</param>
public readonly partial record struct HouseNumber(int Number, char? Letter = null, string? Addition = null)
{
    private const int MaxAddition = 4;

    /// <summary>As it is kept: number, letter, a dash and the addition.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number}{Letter}{(Addition is null ? "" : "-")}{Addition}");

    /// <summary>The canonical text of what was typed; what can't be read is only trimmed.</summary>
    public static string Normalized(string text) => Readings(text) is [var first, ..] ? first.ToString() : PlainText.Tidy(text);

    /// <summary>Why it is not a house number; null where it is.</summary>
    public static string? Fault(string text) => Readings(text).Count > 0
        ? null
        : "must be one house number: 1 to 99999, at most one letter, and an addition of at most 4 letters or digits, such as 14D-1";

    /// <summary>
    /// What the text may mean, the likeliest first; empty where it can't be read. <c>118A</c> is the letter A, or an addition A
    /// where the register has it so; <c>118-A</c> the other way round.
    /// </summary>
    public static IReadOnlyList<HouseNumber> Readings(string text)
    {
        // The word for a floor says no more than its number, which is an addition.
        var typed = PlainText.Tidy(text).ToUpperInvariant();
        var withoutFloor = FloorWord().Replace(typed, "");
        var match = Form().Match(withoutFloor);
        if (!match.Success || int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) is not (> 0 and var number))
        {
            return [];
        }

        var rest = match.Groups["rest"].Value;
        string[] parts = [.. Part().Matches(rest).Select(part => part.Value)];
        if (parts.Length == 0)
        {
            return [new(number)];
        }

        var joined = string.Concat(parts);
        HouseNumber[] whole = joined.Length <= MaxAddition ? [new(number, null, joined)] : [];
        if (char.IsAsciiDigit(joined[0]))
        {
            return whole;
        }

        HouseNumber[] split = joined.Length <= MaxAddition + 1 ? [new(number, joined[0], joined.Length > 1 ? joined[1..] : null)] : [];
        var isWord = parts[0].Length > 1 && char.IsAsciiLetter(parts[0][1]);
        var isMarkedAsAddition = parts.Length == 1 && (withoutFloor != typed || DashFirst().IsMatch(rest));
        // A word that is too long for an addition, such as BOVEN, is not a letter and an addition either.
        return isWord && whole.Length == 0 ? [] : isWord || isMarkedAsAddition ? [.. whole, .. split] : [.. split, .. whole];
    }

    // "14 t/m 18" is not one house.
    [GeneratedRegex(
        @"^(?:(?:NR|NO|NUMMER|HUISNUMMER)\.?\s*|\#\s*)?  (?<number>[0-9]{1,5})(?![0-9])
        (?!\W*(?:T\s?/?\s?M|TOT)\W*[0-9])  (?<rest>[\sA-Z0-9.,_'/()\p{Pd}]*)\z",
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Form();

    [GeneratedRegex(@"(?<=[0-9IVX])(?:(?:E|DE|STE)?\s*(?:HOOG|ETAGE|VERDIEPING)|\s+HG)\.?\z")]
    private static partial Regex FloorWord();

    [GeneratedRegex("[A-Z0-9]+")]
    private static partial Regex Part();

    [GeneratedRegex(@"^[^A-Z0-9]*\p{Pd}")]
    private static partial Regex DashFirst();
}
