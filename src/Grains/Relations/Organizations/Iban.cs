using System.Collections.Frozen;
using System.Globalization;

namespace ChargeCars.Relations.Organizations;

/// <summary>Bank account numbers (ISO 13616): the length of the country, and modulo 97 of the whole is 1.</summary>
public static class Iban
{
    // The SWIFT registry's lengths.
    private static readonly FrozenDictionary<string, int> Lengths = """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18
        FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27
        MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27
        SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
        """.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenDictionary(entry => entry[..2], entry => int.Parse(entry.AsSpan(2), CultureInfo.InvariantCulture));

    /// <summary>As it is kept: capitals, no spaces.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>As it is shown: groups of four.</summary>
    public static string Shown(string text) => string.Join(' ', Normalized(text).Chunk(4).Select(group => new string(group)));

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text)
    {
        var number = Normalized(text);
        if (number.Length < 4 || !Lengths.TryGetValue(number[..2], out var length))
        {
            return "must be an IBAN: a country that has them and 2 check digits first, such as NL91ABNA0417164300";
        }

        return number.Length != length ? $"must be an IBAN: {number[..2]} has {length} characters, not {number.Length}"
            // 00, 01 and 99 leave the same remainder as 97, 98 and 02, but are never given.
            : number.AsSpan(2, 2) is "00" or "01" or "99" || CodeText.Modulo97(number[4..] + number[..4]) != 1
                ? "must be an IBAN: its check digits do not agree with the rest, so a character is mistyped"
                : null;
    }
}
