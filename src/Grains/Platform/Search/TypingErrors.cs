namespace ChargeCars.Platform.Search;

/// <summary>How many typing errors lie between two words: a letter too many, too few or another, or two that changed places.</summary>
internal static class TypingErrors
{
    /// <summary>Whether a word may have been meant by what was typed: one error in a short word, two in a longer one.</summary>
    public static bool MayBe(string typed, string word) => Between(typed, word, Allowed(typed)) <= Allowed(typed);

    /// <summary>The errors between two words; any number above <paramref name="most"/> stands for too many.</summary>
    public static int Between(ReadOnlySpan<char> typed, ReadOnlySpan<char> word, int most)
    {
        if (Math.Abs(typed.Length - word.Length) > most)
        {
            return most + 1;
        }

        var (before, last, next) = (new int[word.Length + 1], new int[word.Length + 1], new int[word.Length + 1]);
        for (var j = 0; j <= word.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= typed.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= word.Length; j++)
            {
                var same = typed[i - 1] == word[j - 1] ? 0 : 1;
                next[j] = Math.Min(Math.Min(next[j - 1], last[j]) + 1, last[j - 1] + same);
                if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, last, next) = (last, next, before);
        }

        return last[word.Length];
    }

    private static int Allowed(string typed) => typed.Length < 6 ? 1 : 2;
}
