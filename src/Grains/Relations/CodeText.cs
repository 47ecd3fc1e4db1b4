using System.Globalization;

namespace ChargeCars.Relations;

/// <summary>Codes that people group with spaces, dots and dashes: KvK and BTW numbers, IBAN, EAN, postcodes.</summary>
internal static class CodeText
{
    /// <summary>Only what carries meaning: no separators, ASCII letters in capitals.</summary>
    public static string Compact(string text) => string.Concat(text.Where(character => !IsSeparator(character)).Select(Upper));

    /// <summary>Whether it is that many ASCII digits, not all of them zero.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text, int digits) =>
        text.Length == digits && !text.ContainsAnyExceptInRange('0', '9') && text.ContainsAnyExcept('0');

    /// <summary>
    /// The code modulo 97, letters counted as two digits (A = 10 … Z = 35), as ISO 7064 and the Dutch tax authority do;
    /// null where it holds anything but ASCII capitals and digits.
    /// </summary>
    public static int? Modulo97(ReadOnlySpan<char> text)
    {
        var remainder = 0;
        foreach (var character in text)
        {
            switch (character)
            {
                case >= '0' and <= '9':
                    remainder = ((remainder * 10) + (character - '0')) % 97;
                    break;
                case >= 'A' and <= 'Z':
                    remainder = ((remainder * 100) + (character - 'A' + 10)) % 97;
                    break;
                default:
                    return null;
            }
        }

        return remainder;
    }

    private static bool IsSeparator(char character) => character == '.' || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) == UnicodeCategory.DashPunctuation;

    private static char Upper(char character) => char.IsAsciiLetterLower(character) ? (char)(character - 'a' + 'A') : character;
}
