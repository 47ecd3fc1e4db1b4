using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ADRaffy.ENSNormalize;
using ChargeCars.Relations.Addresses;

namespace ChargeCars.Relations.Places;

/// <summary>What somebody typed to find an address: a postcode and a number, or a street, a number and a town in that order. Pure.</summary>
internal sealed partial record PlaceQuestion
{
    private const int MostWords = 8;

    /// <summary>The postcode; null where none was typed.</summary>
    public string? PostalCode { get; private init; }

    /// <summary>The house number; null where none was typed.</summary>
    public int? Number { get; private init; }

    /// <summary>The house number as it was typed, with what belongs to it, in capitals.</summary>
    public string? HouseNumber { get; private init; }

    /// <summary>The ways in which the words may be a street and a town, each folded; what is left out is empty.</summary>
    public IReadOnlyList<(string Street, string Town)> Readings { get; private init; } = [];

    /// <summary>Reads it.</summary>
    public static PlaceQuestion Of(string text)
    {
        var code = PostalCodeForm().Match(text);
        var isCode = code.Success && Postcode.Fault(code.Value) is null;
        var parts = Part().Matches(isCode ? text.Remove(code.Index, code.Length) : text).Select(part => part.Value).ToList();
        // "1e Jan Steenstraat 12": what comes first is of the street.
        var at = parts.FindIndex(isCode ? 0 : Math.Min(1, parts.Count), part => Digits().IsMatch(part));
        var number = at < 0 ? null : parts[at].ToUpperInvariant();
        var words = parts.Where((_, i) => i != at).Select(Fold).Where(word => word.Length > 0).Take(MostWords).ToList();
        return new()
        {
            PostalCode = isCode ? Postcode.Normalized(code.Value) : null,
            HouseNumber = number,
            Number = number is null ? null : int.Parse(Digits().Match(number).Value, CultureInfo.InvariantCulture),
            Readings = isCode ? [] : [.. Enumerable.Range(1, words.Count).Reverse().Select(street => (string.Concat(words.Take(street)), string.Concat(words.Skip(street))))],
        };
    }

    /// <summary>A name as it is found: lower case, without accents, of letters a to z and digits alone.</summary>
    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        // The framework's own normalization leaves letters as they are where it has no culture.
        foreach (var letter in ENSNormalize.NF.NFD(name))
        {
            var lower = char.ToLowerInvariant(letter);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower))
            {
                folded.Append(lower);
            }
        }

        return folded.ToString();
    }

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])[1-9][0-9]{3} ?[A-Za-z]{2}(?![\p{L}\p{Nd}])")]
    private static partial Regex PostalCodeForm();

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}'’-]+")]
    private static partial Regex Part();

    [GeneratedRegex("^[0-9]{1,5}(?![0-9])")]
    private static partial Regex Digits();
}
