namespace ChargeCars.Conversations.Mail;

/// <summary>What a stretch of a text is.</summary>
internal enum TextFoldKind
{
    /// <summary>What the sender wrote now.</summary>
    Text,

    /// <summary>Earlier messages.</summary>
    Quote,

    /// <summary>The sender's signature.</summary>
    Signature,
}

/// <summary>A stretch of a text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it starts, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct TextFold(TextFoldKind Kind, int Start, int Length);

/// <summary>
/// Finds quotes and signatures. Nothing is taken out: the stretches together are the text, so that a reader can always unfold it.
/// In doubt all is shown.
/// </summary>
internal static class QuoteFolding
{
    private const int MaxSignatureLines = 12;
    private const int MaxSignatureLine = 100;

    /// <summary>The stretches of a text, in order and without gaps; none of an empty one.</summary>
    public static IReadOnlyList<TextFold> Fold(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var lines = new TextLines(text);
        var kinds = new TextFoldKind[lines.Count];
        MarkQuotes(lines, kinds);
        MarkSignature(lines, kinds);
        var showsAnything = Enumerable.Range(0, lines.Count).Any(i => kinds[i] == TextFoldKind.Text && !lines.IsBlank(i));
        return showsAnything ? Joined(lines, kinds) : [new(TextFoldKind.Text, 0, text.Length)];
    }

    private static List<TextFold> Joined(TextLines lines, TextFoldKind[] kinds)
    {
        List<TextFold> folds = [];
        for (var i = 0; i < lines.Count; i++)
        {
            if (folds.Count > 0 && folds[^1].Kind == kinds[i])
            {
                folds[^1] = folds[^1] with { Length = folds[^1].Length + lines[i].Length };
            }
            else
            {
                folds.Add(new(kinds[i], lines[i].Start, lines[i].Length));
            }
        }

        return folds;
    }

    private static void MarkQuotes(TextLines lines, TextFoldKind[] kinds)
    {
        List<(int From, int To)> blocks = [];
        var lastWritten = -1;
        for (var i = 0; i < lines.Count;)
        {
            var header = HeaderLines(lines, i);
            if (header == 0 && !lines.IsQuoted(i))
            {
                lastWritten = lines.IsBlank(i) ? lastWritten : i;
                i++;
                continue;
            }

            var end = EndOfQuote(lines, i + header);
            blocks.Add((i, end));
            i = end;
        }

        // Answers between the lines can't be read without them.
        var isInterleaved = blocks.Count(block => block.To <= lastWritten) > 1;
        foreach (var (from, to) in blocks.Where(block => !isInterleaved || block.To > lastWritten))
        {
            Array.Fill(kinds, TextFoldKind.Quote, from, to - from);
        }
    }

    /// <summary>Where a quote ends: after its last marked line. Nothing marks the end of one without marks: it goes on to the text's.</summary>
    private static int EndOfQuote(TextLines lines, int from)
    {
        var end = -1;
        for (var at = from; at < lines.Count && (lines.IsQuoted(at) || lines.IsBlank(at)); at++)
        {
            end = lines.IsQuoted(at) ? at + 1 : end;
        }

        return end < 0 ? lines.Count : end;
    }

    /// <summary>How many lines at a place announce a quote; 0 where none does.</summary>
    private static int HeaderLines(TextLines lines, int at)
    {
        var first = lines.Words(at);
        if (first.Length is 0 or > TextLines.MaxLine)
        {
            return 0;
        }

        if (QuoteMarks.Divider().IsMatch(first))
        {
            return 1;
        }

        return QuoteMarks.AttributionStart().IsMatch(first) && AttributionLines(lines, at, first) is > 0 and var count ? count
            : QuoteMarks.FromLine().IsMatch(first) && FollowedByHeaders(lines, at) ? 1
            : 0;
    }

    /// <summary>How many lines an attribution takes: mail programs wrap "On … wrote:" at any blank.</summary>
    private static int AttributionLines(TextLines lines, int at, string joined)
    {
        for (var count = 1; count <= 3; count++)
        {
            if (QuoteMarks.Attribution().IsMatch(joined))
            {
                return count;
            }

            if (at + count >= lines.Count || lines.Words(at + count) is not { Length: > 0 } next || joined.Length + next.Length > TextLines.MaxLine)
            {
                return 0;
            }

            joined = $"{joined} {next}";
        }

        return 0;
    }

    private static bool FollowedByHeaders(TextLines lines, int at)
    {
        var found = 0;
        for (var i = at + 1; i < lines.Count && i <= at + 6; i++)
        {
            found += lines.Words(i) is { Length: > 0 and <= TextLines.MaxLine } line && QuoteMarks.HeaderLine().IsMatch(line) ? 1 : 0;
        }

        return found >= 2;
    }

    private static void MarkSignature(TextLines lines, TextFoldKind[] kinds)
    {
        // The end of what the sender wrote: before the quote that ends the mail, or at its end.
        var end = lines.Count;
        while (end > 0 && (kinds[end - 1] == TextFoldKind.Quote || lines.IsBlank(end - 1)))
        {
            end--;
        }

        for (var i = end - 1; i >= Math.Max(0, end - MaxSignatureLines - 1) && kinds[i] == TextFoldKind.Text; i--)
        {
            var line = lines.Words(i);
            if (line.Length > MaxSignatureLine || line.Contains('?', StringComparison.Ordinal) || QuoteMarks.Postscript().IsMatch(line))
            {
                return;
            }

            var isWhole = lines.IsDelimiter(i) || QuoteMarks.Greeting().IsMatch(line);
            if (isWhole || QuoteMarks.SentFrom().IsMatch(line))
            {
                Array.Fill(kinds, TextFoldKind.Signature, i, end - i);
            }

            // Above "sent from my phone" there may be a greeting that belongs to it.
            if (isWhole)
            {
                return;
            }
        }
    }
}
