using System.Globalization;
using System.Text.RegularExpressions;
using ChargeCars.Platform.Entities;
using PhoneNumbers;

namespace ChargeCars.Relations.PhoneNumbers;

/// <summary>Reads phone numbers as people, telephone systems and web pages write them, by Google's libphonenumber.</summary>
public static partial class PhoneNumberRules
{
    private const string Netherlands = "NL";

    /// <summary>
    /// Reads any text; nothing makes it throw. A number without a country is one of <paramref name="region"/> (ISO 3166, two letters).
    /// </summary>
    public static PhoneReading Read(string? text, string region = Netherlands)
    {
        var raw = text ?? "";
        var nothing = new PhoneReading(raw, null, false, null, null, null, null);
        var library = PhoneNumberUtil.GetInstance();
        global::PhoneNumbers.PhoneNumber number;
        try
        {
            number = library.Parse(DutchExtension().Replace(raw, " ext. "), region);
        }
        catch (NumberParseException)
        {
            return nothing;
        }

        if (library.IsPossibleNumberWithReason(number) != PhoneNumberUtil.ValidationResult.IS_POSSIBLE)
        {
            return nothing;
        }

        var reading = nothing with { E164 = library.Format(number, PhoneNumberFormat.E164), Extension = OrNull(number.Extension) };
        return !library.IsValidNumber(number) ? reading : reading with
        {
            IsValid = true,
            CountryName = OrNull(new Locale("en", library.GetRegionCodeForNumber(number)).GetDisplayCountry("en")),
            CountryCode = number.CountryCode.ToString(CultureInfo.InvariantCulture),
            Timezone = ZoneOf(number),
        };
    }

    /// <summary>As an editor's field is kept: E.164 where it is a valid number without an extension, else as it was typed.</summary>
    public static string Normalized(string text) =>
        Read(text) is { IsValid: true, Extension: null, E164: { } number } ? number : PlainText.Tidy(text);

    /// <summary>Why nobody could be called at it; null where somebody could.</summary>
    public static string? Fault(string text) =>
        Read(text).IsValid ? null : "must be a phone number, such as 06 12345678, 020 123 4567 or +32 470 12 34 56";

    /// <summary>Whether text messages reach it, as far as its digits tell.</summary>
    public static bool IsMobile(string text)
    {
        var library = PhoneNumberUtil.GetInstance();
        return Read(text) is { IsValid: true, E164: { } number }
            && library.GetNumberType(library.Parse(number, Netherlands)) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE;
    }

    private static string? ZoneOf(global::PhoneNumbers.PhoneNumber number)
    {
        var zones = PhoneNumberToTimeZonesMapper.GetInstance();
        return zones.GetTimeZonesForNumber(number) is [var zone] && zone != zones.GetUnknownTimeZone() ? zone : null;
    }

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // The library knows this word in other languages.
    [GeneratedRegex(@"\s*\b(?:toestel|tst|doorkies)\b\.?\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DutchExtension();
}
