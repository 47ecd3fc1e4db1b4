using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ChargeCars.Relations.Addresses;

/// <summary>Which of the register's addresses at a postcode and number is meant. Pure.</summary>
internal static partial class AddressMatch
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["1e"] = "eerste", ["1ste"] = "eerste", ["2e"] = "tweede", ["2de"] = "tweede",
        ["3e"] = "derde", ["3de"] = "derde", ["4e"] = "vierde", ["4de"] = "vierde",
    }.ToFrozenDictionary();

    private static readonly (string Short, string Long)[] Endings = [("str", "straat"), ("pln", "plein"), ("ln", "laan"), ("wg", "weg")];

    /// <summary>
    /// Valid only where letter and addition are exactly those of one address, in the street that was written: a postcode with a
    /// typing error is somebody else's street.
    /// </summary>
    public static AddressFinding Of(PostalAddress address, IEnumerable<RegisteredAddress> register, string source)
    {
        var (postcode, readings) = (Postcode.Normalized(address.PostalCode), HouseNumber.Readings(address.StreetNumber ?? ""));
        var there = register
            .Where(entry => entry.PostalCode == postcode && readings.Any(reading => reading.Number == entry.HouseNumber.Number))
            .DistinctBy(entry => entry.NummeraanduidingId)
            .OrderBy(entry => entry.HouseNumber.Letter ?? '\0')
            .ThenBy(entry => entry.HouseNumber.Addition?.Length ?? 0)
            .ThenBy(entry => entry.HouseNumber.Addition, StringComparer.Ordinal)
            .ToList();
        if (there.Count == 0)
        {
            return new AddressNotFound();
        }

        var exact = there.Where(entry => readings.Contains(entry.HouseNumber)).ToList();
        var street = Folded(address.StreetAddress);
        var meant = exact.Where(entry => Folded(entry.Street) == street).ToList();
        return meant is [var one] ? new AddressValid(one, source)
            : new AddressAmbiguous(meant.Count > 0 ? meant : exact.Count > 0 ? exact : there);
    }

    // Case, spaces, punctuation and the usual abbreviations aside.
    private static string Folded(string street)
    {
        var words = Word().Matches(street.ToLowerInvariant()).Select(word => Words.GetValueOrDefault(word.Value, word.Value)).ToArray();
        if (words.Length > 0)
        {
            var ending = Array.Find(Endings, ending => words[^1].EndsWith(ending.Short, StringComparison.Ordinal));
            words[^1] = ending.Short is null ? words[^1] : words[^1][..^ending.Short.Length] + ending.Long;
        }

        return string.Concat(words);
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}]+")]
    private static partial Regex Word();
}
