using System.Globalization;

namespace ChargeCars.Platform.Search;

/// <summary>
/// What was typed, as the questions that are put to <c>search_entry</c>. Each word must be there, whole or as a beginning; what looks
/// like one code that was typed with blanks (a phone number, a plate, a postcode) may be one.
/// </summary>
internal sealed record SearchQuery
{
    /// <summary>The longest text that is looked for.</summary>
    public const int Longest = 200;

    /// <summary>The most words.</summary>
    public const int MostWords = 12;

    /// <summary>The shortest beginning of a word that is looked for on its own: fewer letters would find a good part of everything.</summary>
    public const int ShortestBeginning = 3;

    // Digits say less than letters: three of them begin every tenth phone number.
    private const int ShortestDigits = 4;

    /// <summary>The words in the order in which they were typed, folded.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The beginning of a title.</summary>
    public required string TitleKey { get; init; }

    /// <summary>Codes that are meant whole, as a <c>tsquery</c>; empty where it can't be a code.</summary>
    public required string Codes { get; init; }

    /// <summary>Words and codes that are there whole, as a <c>tsquery</c>.</summary>
    public required string Whole { get; init; }

    /// <summary>The same by the beginnings of words; of more than two words the last alone.</summary>
    public required string Beginnings { get; init; }

    /// <summary>
    /// Where the last word has two letters: its beginning, as a <c>tsquery</c> that is asked only of what <see cref="Others"/> finds. Empty
    /// where it is longer, or alone.
    /// </summary>
    public required string ShortBeginning { get; init; }

    /// <summary>The words before <see cref="ShortBeginning"/>, whole: who types a second word has typed the first to its end.</summary>
    public required string Others { get; init; }

    /// <summary>The words for the Dutch stemmer.</summary>
    public string Plain => string.Join(' ', Words);

    /// <summary>The words in which a typing error may be.</summary>
    public IEnumerable<string> Spellable => Words.Where(word => word.Length >= SearchEntry.ShortestSpelled && !SearchWords.HasDigit(word)).Distinct();

    /// <summary>Reads what was typed. Pure; nothing makes it throw.</summary>
    public static Result<SearchQuery> Parse(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return Invalid.Field("q", "is required: what to look for");
        }

        if (typed.Length > Longest)
        {
            return Invalid.Field("q", string.Create(CultureInfo.InvariantCulture, $"must be at most {Longest} characters"));
        }

        if (StorableText.Fault(typed) is { } fault)
        {
            return Invalid.Field("q", fault);
        }

        if (typed.Any(character => char.IsControl(character) && !char.IsWhiteSpace(character)))
        {
            return Invalid.Field("q", "must not contain control characters");
        }

        var words = SearchWords.Of(typed);
        if (words.Sum(word => word.Length) < 2)
        {
            return Invalid.Field("q", "must hold at least two letters or digits");
        }

        return words.Count > MostWords
            ? Invalid.Field("q", string.Create(CultureInfo.InvariantCulture, $"must be at most {MostWords} words"))
            : Of(typed, words);
    }

    /// <summary>The question with what the words may have been meant to be.</summary>
    /// <param name="meant">For a word, other words that it is near to.</param>
    public string Corrected(IReadOnlyDictionary<string, IReadOnlyList<string>> meant)
    {
        var telling = Telling(Words);
        return All(telling.Select((word, place) =>
            Any([MayBegin(telling, place), .. meant.GetValueOrDefault(word, []).Select(SearchEntry.Quoted)])));
    }

    private static SearchQuery Of(string typed, List<string> words)
    {
        var codes = CodesOf(typed, words);
        var (telling, joined) = (Telling(words), Joined(words));
        var mails = typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(part => part.Contains('@', StringComparison.Ordinal)).Select(SearchEntry.Mail).ToList();
        var (others, ends) = (telling.Where(word => word != words[^1]).ToList(), words[^1]);
        var isShort = ends is [>= 'a' and <= 'z', >= 'a' and <= 'z'] && telling.Contains(ends) && others.Exists(IsTellingCode);
        var meantWhole = codes.Concat(mails).Select(code => SearchEntry.Quoted(SearchEntry.CodeMark + code)).ToList();
        return new()
        {
            Words = words,
            TitleKey = StorableText.Cut(string.Join(' ', words), SearchEntry.LongestTitle),
            Codes = Any(meantWhole),
            Whole = Any([.. meantWhole, All(telling.Select(WholeWord)), .. joined is null ? [] : new[] { All(joined.Select(WholeWord)) }]),
            Beginnings = Any(
            [
                .. codes.Where(IsTellingCode).Concat(mails).Select(code => SearchEntry.Quoted(SearchEntry.CodeMark + code) + ":*"),
                All(telling.Select((_, place) => MayBegin(telling, place))),
                .. joined is null ? [] : new[] { All(joined.Select((_, place) => MayBegin(joined, place))) },
            ]),
            ShortBeginning = isShort ? SearchEntry.Quoted(ends) + ":*" : "",
            Others = isShort ? All(others.Select(WholeWord)) : "",
        };
    }

    // All of it as one code: a phone number as it may be kept, a plate, a number.
    private static List<string> CodesOf(string typed, List<string> words)
    {
        var compact = StorableText.Cut(string.Concat(words), SearchWords.LongestWord);
        if (!SearchWords.HasDigit(compact))
        {
            return words.Count == 1 ? [compact] : [];
        }

        if (!compact.All(char.IsAsciiDigit))
        {
            return [compact];
        }

        var phone = SearchWords.Phone(typed);
        return [.. new[] { compact, phone, phone.Length == 9 && phone[0] != '0' ? "0" + phone : phone }.Where(code => code.Length > 0).Distinct()];
    }

    // Words that tell something apart; all of them where none does.
    private static List<string> Telling(IReadOnlyList<string> words)
    {
        var telling = words.Where(word => SearchWords.HasDigit(word) || !SearchWords.IsLittle(word)).Distinct().ToList();
        return telling.Count > 0 ? telling : [.. words.Distinct()];
    }

    // Neighbours that hold digits, or are too short for a word, may be one code: 06 1234 5678, 3401 RT, V 196 RP. Null where there are none.
    private static List<string>? Joined(List<string> words)
    {
        var (joined, run) = (new List<string>(), new List<string>());
        var any = false;
        foreach (var word in words)
        {
            if (SearchWords.HasDigit(word) || word.Length <= 2)
            {
                run.Add(word);
                continue;
            }

            End();
            joined.Add(word);
        }

        End();
        return any && joined.Count > 1 ? joined : null;

        void End()
        {
            if (run.Count > 1 && run.Exists(SearchWords.HasDigit))
            {
                any = true;
                var code = string.Concat(run);
                joined.Add(code.All(char.IsAsciiDigit) ? SearchWords.Phone(code) : code);
            }
            else
            {
                joined.AddRange(run.Where(word => !SearchWords.IsLittle(word)));
            }

            run.Clear();
        }
    }

    private static bool IsTellingCode(string code) => code.Length >= (code.All(char.IsAsciiDigit) ? ShortestDigits : ShortestBeginning);

    private static string WholeWord(string word) => SearchWords.HasDigit(word)
        ? Any([SearchEntry.Quoted(word), SearchEntry.Quoted(SearchEntry.CodeMark + word)])
        : SearchEntry.Quoted(word);

    // Who types a third word has typed the others to their end; and each beginning costs a look at every word that begins so.
    private static string MayBegin(List<string> words, int place) => words.Count > 2 && place < words.Count - 1 ? WholeWord(words[place]) : Begins(words[place]);

    private static string Begins(string word) => !IsTellingCode(word) ? WholeWord(word)
        : SearchWords.HasDigit(word) ? Any([SearchEntry.Quoted(word) + ":*", SearchEntry.Quoted(SearchEntry.CodeMark + word) + ":*"])
        : SearchEntry.Quoted(word) + ":*";

    private static string Any(IEnumerable<string> questions) => Of(questions, " | ");

    private static string All(IEnumerable<string> questions) => Of(questions, " & ");

    private static string Of(IEnumerable<string> questions, string between)
    {
        List<string> real = [.. questions.Where(question => question.Length > 0).Distinct()];
        return real.Count == 1 ? real[0] : real.Count == 0 ? "" : $"({string.Join(between, real)})";
    }
}
