namespace ChargeCars.Conversations.Mail;

/// <summary>A text by its lines, each with its end, so that together they are the text.</summary>
internal sealed class TextLines
{
    /// <summary>Longer lines are no attribution and no greeting.</summary>
    public const int MaxLine = 400;

    private readonly string _text;
    private readonly List<(int Start, int Length)> _lines = [];

    /// <summary>The lines of a text.</summary>
    public TextLines(string text)
    {
        _text = text;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            _lines.Add((start, next - start));
            start = next;
        }
    }

    /// <summary>How many.</summary>
    public int Count => _lines.Count;

    /// <summary>Where a line starts and how long it is, in UTF-16 units.</summary>
    public (int Start, int Length) this[int at] => _lines[at];

    /// <summary>A line without blanks around it, cut where it is too long to be looked at.</summary>
    public string Words(int at) => Span(at)[..Math.Min(_lines[at].Length, MaxLine + 2)].Trim().ToString();

    /// <summary>Whether a line is marked as quoted.</summary>
    public bool IsQuoted(int at) => Span(at).TrimStart(' ') is ['>', ..];

    /// <summary>Whether a line is empty.</summary>
    public bool IsBlank(int at) => Span(at).IsWhiteSpace();

    /// <summary>Whether a line is the mark before a signature.</summary>
    public bool IsDelimiter(int at) => Span(at).TrimEnd("\r\n ") is "--";

    private ReadOnlySpan<char> Span(int at) => _text.AsSpan(_lines[at].Start, _lines[at].Length);
}
