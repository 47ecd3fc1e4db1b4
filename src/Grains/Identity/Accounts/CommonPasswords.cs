using System.Collections.Frozen;

namespace ChargeCars.Identity.Accounts;

/// <summary>
/// Passwords that guessers try first (NIST SP 800-63B-4, 3.1.1.2): those made of one or two of the words that people choose, of
/// runs on the keyboard and of repetitions, however they are capitalised, spelt with digits for letters, or lengthened with digits
/// and signs. The words are in <c>common-passwords.txt</c>, which lies in this assembly.
/// </summary>
internal static class CommonPasswords
{
    /// <summary>A password of three such words is a phrase.</summary>
    private const int MostWords = 2;

    /// <summary>Shorter ones are in too much.</summary>
    private const int ShortestPiece = 3;

    /// <summary>Digits and signs around words: a date and a sign or two. More are worth something by themselves.</summary>
    private const int MostFilling = 10;

    /// <summary>Longer ones are nobody's habit.</summary>
    private const int LongestJudged = 64;

    private static readonly string[] Runs = BothWays(
        "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "qwertzuiop", "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "abcdefghijklmnopqrstuvwxyz", "112233445566778899");

    private static readonly Lazy<FrozenSet<string>> Words = new(ReadWords);

    /// <summary>Whether it is one of them.</summary>
    public static bool Contains(string password)
    {
        if (password.Length > LongestJudged)
        {
            return false;
        }

        var text = password.ToLowerInvariant();
        var ending = text.TrimEnd("0123456789!@#$%^&*()-_=+.,?;:/ ".ToCharArray());
        return IsMade(text) || IsMadeOfLetters(text, text) || IsMadeOfLetters(Spelt(ending, one: 'i'), text) || IsMadeOfLetters(Spelt(ending, one: 'l'), text);
    }

    private static bool IsMadeOfLetters(string spelt, string text)
    {
        var letters = string.Concat(spelt.Where(char.IsLetter));
        return letters.Length > 0 && text.Length - letters.Length <= MostFilling && IsMade(letters);
    }

    // Only the words count: a run and a repetition add nothing, however many they are.
    private static bool IsMade(string text) => Follows(text, 0, [], []);

    private static bool Follows(string text, int from, List<string> words, HashSet<(int From, string Words)> failed)
    {
        if (from == text.Length)
        {
            return true;
        }

        // Without this memory a long run had more ways to be cut than there is time.
        if (!failed.Add((from, string.Join(' ', words))))
        {
            return false;
        }

        for (var length = text.Length - from; length >= ShortestPiece; length--)
        {
            var piece = text.Substring(from, length);
            if (IsRun(piece) || words.Contains(piece))
            {
                if (Follows(text, from + length, words, failed))
                {
                    return true;
                }
            }
            else if (words.Count < MostWords && Words.Value.Contains(piece))
            {
                words.Add(piece);
                if (Follows(text, from + length, words, failed))
                {
                    return true;
                }

                words.RemoveAt(words.Count - 1);
            }
        }

        return false;
    }

    private static bool IsRun(string piece) =>
        piece.All(letter => letter == piece[0]) || Runs.Any(run => run.Contains(piece, StringComparison.Ordinal));

    private static string Spelt(string text, char one) => string.Concat(text.Select(sign => sign switch
    {
        '0' => 'o',
        '1' or '!' => one,
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => sign,
    }));

    private static string[] BothWays(params string[] runs) => [.. runs, .. runs.Select(run => string.Concat(run.Reverse()))];

    private static FrozenSet<string> ReadWords()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToFrozenSet(StringComparer.Ordinal);
    }
}
