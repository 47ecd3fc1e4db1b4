using System.Text.RegularExpressions;

namespace ChargeCars.Relations.Organizations;

/// <summary>
/// VAT ids. A Dutch one (btw-id) is <c>NL</c>, 9 digits, <c>B</c> and 2 digits from 01, and is good when either test holds: the
/// 11-test over its 9 digits (legal persons), or the whole id modulo 97 (sole traders, since 2020). Ids of other EU countries are
/// taken by their form only.
/// </summary>
public static partial class VatNumber
{
    private static readonly HashSet<string> OtherCountries =
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "PL", "PT",
        "RO", "SE", "SI", "SK", "XI",
    ];

    /// <summary>As it is kept: capitals, no dots or spaces.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text)
    {
        var number = Normalized(text);
        if (!number.StartsWith("NL", StringComparison.Ordinal))
        {
            return number.Length > 2 && OtherCountries.Contains(number[..2]) && Foreign().IsMatch(number[2..])
                ? null
                : "must be a VAT id of an EU country, such as NL004495445B01";
        }

        return !Dutch().IsMatch(number) ? "must be a Dutch VAT id: NL, 9 digits, B and 2 digits from 01, such as NL004495445B01"
            : Rsin.PassesElevenTest(number.AsSpan(2, 9)) || CodeText.Modulo97(number) == 1 ? null
            : "must be a Dutch VAT id: its digits pass neither the 11-test nor the one modulo 97, so one of them is mistyped";
    }

    [GeneratedRegex(@"^NL(?!0{9})[0-9]{9}B(?!00)[0-9]{2}\z")]
    private static partial Regex Dutch();

    // VIES takes 2 to 12 characters after the country, + and * among them.
    [GeneratedRegex(@"^[0-9A-Z+*]{2,12}\z")]
    private static partial Regex Foreign();
}
