using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ChargeCars.Platform.Search;

/// <summary>Takes text apart the same way when it is kept and when it is searched for.</summary>
internal static class SearchWords
{
    /// <summary>The longest word that is kept, in UTF-16 units: a longer one is cut, here and where it is searched for.</summary>
    public const int LongestWord = 60;

    // Little words of names and addresses: half of all names have one, so they would find everything and tell nothing apart.
    private static readonly FrozenSet<string> Little = new[]
    {
        "de", "het", "een", "en", "van", "der", "den", "des", "ter", "ten", "te", "tot", "op", "aan", "in", "bij", "of", "von", "bv", "nv", "vof", "cv",
    }.ToFrozenSet(StringComparer.Ordinal);

    // The letter without its marks for each of U+00C0 to U+024F and U+1E00 to U+1EFF, after Unicode's decompositions; a dot where there
    // is none. The program runs without the operating system's tables, so that a text is the same everywhere.
    private const string Latin =
        "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.yaaaaaaccccccccdd..eeeeeeeeeegggggggg"
        + "hh..iiiiiiiii...jjkk.llllll....nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzzs........"
        + "........................oo.............uu............................aaiioouuuuuuuuuu.aaaa....ggkkoo"
        + "oo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................";

    private const string MoreLatin =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssss"
        + "ssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeee"
        + "iiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    // What Unicode does not take apart into a letter and its mark.
    private static readonly FrozenDictionary<char, string> Letters = new Dictionary<char, string>
    {
        ['ß'] = "ss", ['æ'] = "ae", ['œ'] = "oe", ['ø'] = "o", ['ł'] = "l", ['đ'] = "d", ['ð'] = "d", ['þ'] = "th", ['ı'] = "i",
        ['ĳ'] = "ij", ['ǆ'] = "dz", ['ǅ'] = "dz", ['ǉ'] = "lj", ['ǌ'] = "nj", ['ǳ'] = "dz", ['ﬀ'] = "ff", ['ﬁ'] = "fi", ['ﬂ'] = "fl", ['ﬃ'] = "ffi", ['ﬄ'] = "ffl", ['ſ'] = "s",
    }.ToFrozenDictionary();

    /// <summary>A word that helps little to tell names apart.</summary>
    public static bool IsLittle(string word) => word.Length < 2 || Little.Contains(word);

    /// <summary>Whether a word holds a digit: then it may be a part of a code.</summary>
    public static bool HasDigit(string word) => word.AsSpan().ContainsAnyInRange('0', '9');

    /// <summary>Lower case, without marks on letters: by this texts are compared.</summary>
    public static string Folded(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            switch (character)
            {
                case >= 'a' and <= 'z' or >= '0' and <= '9' or ' ':
                    folded.Append(character);
                    break;
                case >= '\u00C0' and <= '\u024F' when Latin[character - '\u00C0'] is not '.' and var letter:
                    folded.Append(letter);
                    break;
                case >= '\u1E00' and <= '\u1EFF' when MoreLatin[character - '\u1E00'] is not '.' and var letter:
                    folded.Append(letter);
                    break;
                // The wide forms that East Asian keyboards make.
                case >= '\uFF01' and <= '\uFF5E':
                    folded.Append(char.ToLowerInvariant((char)(character - 0xFEE0)));
                    break;
                default:
                    Append(char.ToLowerInvariant(character));
                    break;
            }
        }

        return folded.ToString();

        void Append(char character)
        {
            if (Letters.TryGetValue(character, out var plain))
            {
                folded.Append(plain);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
            {
                folded.Append(character);
            }
        }
    }

    /// <summary>The words of a text, folded, in order. Letters with dots between them are one word: B.V. is bv.</summary>
    public static List<string> Of(string? text)
    {
        var words = new List<string>();
        if (text is null)
        {
            return words;
        }

        var folded = Folded(text);
        var word = new StringBuilder();
        for (var i = 0; i < folded.Length; i++)
        {
            if (char.IsLetterOrDigit(folded[i]))
            {
                word.Append(folded[i]);
            }
            else if (folded[i] != '.' || !IsInitial(folded, i))
            {
                Take();
            }
        }

        Take();
        return words;

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(StorableText.Cut(word.ToString(), LongestWord));
                word.Clear();
            }
        }
    }

    /// <summary>A code without what people set between its parts: <c>V-196-RP</c> is <c>v196rp</c>.</summary>
    public static string Compact(string text) => StorableText.Cut(string.Concat(Of(text)), LongestWord);

    /// <summary>
    /// The digits of a phone number as they are dialled in the Netherlands: <c>+31 6 1234 5678</c> and <c>0031612345678</c> are
    /// <c>0612345678</c>; a foreign number has its country's code and no zeros before it. Empty where there is no digit.
    /// </summary>
    public static string Phone(string text)
    {
        var digits = string.Concat(text.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit));
        var international = text.TrimStart().StartsWith('+');
        if (!international && digits.StartsWith("00", StringComparison.Ordinal))
        {
            (international, digits) = (true, digits[2..]);
        }

        // Eleven digits from 31 are a Dutch number whose plus was left out.
        return (international || digits.Length is 11 or 12) && digits.StartsWith("31", StringComparison.Ordinal)
            ? "0" + digits[2..].TrimStart('0')
            : digits;
    }

    private static bool IsInitial(string text, int dot) =>
        dot > 0 && char.IsLetter(text[dot - 1]) && (dot < 2 || !char.IsLetterOrDigit(text[dot - 2])) && (dot + 2 >= text.Length || !char.IsLetterOrDigit(text[dot + 2]));
}
