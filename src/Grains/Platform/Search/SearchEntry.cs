using System.Globalization;
using System.Text;

namespace ChargeCars.Platform.Search;

/// <summary>What <c>search_entry</c> keeps of an entity: derived from its <see cref="SearchText"/>, and never shown.</summary>
/// <param name="TitleKey">The title's words: what is typed is compared with their beginning.</param>
/// <param name="Words">Words and codes as the text of a <c>tsvector</c>; a code has a mark before it, so that it is told from a word.</param>
/// <param name="Prose">Text whose words are to be reduced to their Dutch stems.</param>
/// <param name="Spelled">The words that a typing error may have been made in, with blanks between them.</param>
/// <param name="IsMixed">Whether the text's words are to be reduced to their English stems too.</param>
internal sealed record SearchEntry(string TitleKey, string Words, string Prose, string Spelled, bool IsMixed = false)
{
    /// <summary>What stands before a code.</summary>
    public const char CodeMark = '#';

    /// <summary>The longest title key, in UTF-16 units.</summary>
    public const int LongestTitle = 80;

    /// <summary>The shortest word in which a typing error is looked for.</summary>
    public const int ShortestSpelled = 4;

    // A bound for what one row may weigh: nobody types the hundredth word.
    private const int MostWords = 150;

    public static SearchEntry Of(SearchText text)
    {
        var lexemes = new Dictionary<string, (char Weight, int Position)>(StringComparer.Ordinal);
        var spelled = new SortedSet<string>(StringComparer.Ordinal);
        var title = SearchWords.Of(text.Title);
        Take(title, 'A');
        foreach (var code in text.Codes.OfType<string>())
        {
            TakeCodes(code);
            Take(SearchWords.Of(code), 'B', isCode: true);
        }

        foreach (var phone in text.Phones.OfType<string>())
        {
            Add(CodeMark + SearchWords.Phone(phone), 'A');
        }

        foreach (var email in text.Emails.OfType<string>())
        {
            Add(CodeMark + Mail(email), 'A');
        }

        Take(SearchWords.Of(text.Subtitle), 'B');
        foreach (var also in text.Also)
        {
            Take(SearchWords.Of(also), 'B');
        }

        return new(StorableText.Cut(string.Join(' ', title), LongestTitle), Text(lexemes), SearchWords.Folded(text.Prose ?? ""), string.Join(' ', spelled),
            text.IsMixed);

        void Take(List<string> words, char weight, bool isCode = false)
        {
            foreach (var word in words.Where(word => !SearchWords.IsLittle(word)))
            {
                Add(word, weight);
                if (!isCode && word.Length >= ShortestSpelled && !SearchWords.HasDigit(word))
                {
                    spelled.Add(word);
                }
            }
        }

        // People leave out what all numbers of a kind begin with, and the zeros after it.
        void TakeCodes(string code)
        {
            Add(CodeMark + SearchWords.Compact(code), 'A');
            if (SearchWords.Of(code) is [_, .., { Length: >= 3 } last] && last.All(char.IsAsciiDigit))
            {
                Add(CodeMark + last, 'A');
                if (last.TrimStart('0') is { Length: > 0 } bare)
                {
                    Add(CodeMark + bare, 'A');
                }
            }
        }

        void Add(string lexeme, char weight)
        {
            if (lexeme.Length > 1 && lexemes.Count < MostWords)
            {
                lexemes.TryAdd(lexeme, (weight, lexemes.Count + 1));
            }
        }
    }

    /// <summary>The words of <see cref="Spelled"/> that another entry does not have, with blanks between them.</summary>
    public string WordsBeside(SearchEntry other) => string.Join(' ', Spelled.Split(' ').Except(other.Spelled.Split(' '), StringComparer.Ordinal));

    /// <summary>An e-mail address as it is kept.</summary>
    public static string Mail(string email) => StorableText.Cut(SearchWords.Folded(email.Trim()), SearchWords.LongestWord);

    /// <summary>A lexeme within quotes, as <c>tsvector</c> and <c>tsquery</c> read it.</summary>
    public static string Quoted(string lexeme) =>
        $"'{lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(Dictionary<string, (char Weight, int Position)> lexemes)
    {
        var text = new StringBuilder();
        foreach (var (lexeme, (weight, position)) in lexemes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(lexeme)}:{position}{weight} ");
        }

        return text.ToString();
    }
}
