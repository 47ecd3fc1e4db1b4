namespace ChargeCars.Platform.Search;

/// <summary>Where in a shown text stands what was typed.</summary>
public static class SearchHighlight
{
    /// <summary>
    /// The places, in order and apart from one another: words that begin with a typed word, or the whole of a code that was typed in
    /// another way. Pure.
    /// </summary>
    public static IReadOnlyList<(int Start, int Length)> Places(string shown, string typed)
    {
        var words = SearchWords.Of(typed).Where(word => word.Length > 1).ToList();
        var places = new List<(int Start, int Length)>();
        for (var i = 0; i < shown.Length;)
        {
            if (!char.IsLetterOrDigit(shown[i]))
            {
                i++;
                continue;
            }

            var end = i;
            while (end < shown.Length && char.IsLetterOrDigit(shown[end]))
            {
                end++;
            }

            if (words.Select(word => Begun(shown[i..end], word)).DefaultIfEmpty().Max() is var length and > 0)
            {
                places.Add((i, length));
            }

            i = end;
        }

        return places.Count == 0 && IsCode(shown, typed) ? [(0, shown.Length)] : places;
    }

    // How much of a word as it is shown a typed word takes: letters with marks fold to more or fewer than they are.
    private static int Begun(string shown, string word)
    {
        for (var length = 1; length <= shown.Length; length++)
        {
            var folded = SearchWords.Folded(shown[..length]);
            if (folded.Length >= word.Length)
            {
                return folded.StartsWith(word, StringComparison.Ordinal) ? length : 0;
            }

            // Most words of a long text end here.
            if (!word.StartsWith(folded, StringComparison.Ordinal))
            {
                return 0;
            }
        }

        return 0;
    }

    private static bool IsCode(string shown, string typed)
    {
        var compact = SearchWords.Compact(typed);
        if (!SearchWords.HasDigit(compact))
        {
            return false;
        }

        return SearchWords.Compact(shown).Contains(compact, StringComparison.Ordinal)
            || (SearchWords.Phone(typed) is { Length: >= 4 } phone && SearchWords.Phone(shown).StartsWith(phone, StringComparison.Ordinal));
    }
}
