using System.Text.RegularExpressions;

namespace ChargeCars.Relations.Addresses;

/// <summary>Dutch postcodes: four digits from 1000 and two letters, but never SA, SD or SS.</summary>
public static partial class Postcode
{
    /// <summary>As it is kept: <c>3435RA</c>.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>As it is shown: <c>3435 RA</c>; what is not a postcode is shown as it is.</summary>
    public static string Shown(string text) => Fault(text) is null ? Normalized(text).Insert(4, " ") : text;

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text) => Form().IsMatch(Normalized(text)) ? null : "must be a Dutch postcode, such as 3435 RA";

    [GeneratedRegex(@"^[1-9][0-9]{3}(?!SA|SD|SS)[A-Z]{2}\z")]
    private static partial Regex Form();
}
