using System.Collections.Frozen;
using MimeKit.Text;

namespace ChargeCars.Conversations.Mail;

/// <summary>How much of HTML can be shown.</summary>
internal enum HtmlFit
{
    /// <summary>All.</summary>
    Whole,

    /// <summary>All but its styles.</summary>
    WithoutStyles,

    /// <summary>Its words.</summary>
    WordsOnly,
}

/// <summary>
/// Whether HTML is small and flat enough to build a document of. What nests deeper, or would have its formatting repeated without end,
/// costs seconds and gigabytes; a pass over its tags tells beforehand.
/// </summary>
internal static class HtmlBounds
{
    /// <summary>UTF-16 units.</summary>
    public const int MaxLength = 500_000;

    // Reading one takes up to a millisecond: the dearest part of all.
    private const int MaxStyles = 2_000;

    private const int MaxTags = 40_000;
    private const int MaxDepth = 200;
    private const int MaxAttributes = 100_000;

    // Open formatting is repeated in every block that follows: so many elements may come of it.
    private const long MaxRepeated = 200_000;

    // Closed by what follows them, so that leaving them open nests nothing.
    private static readonly FrozenSet<string> SelfClosing = new[]
    {
        "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dd", "dt", "option", "optgroup", "br", "hr", "img", "input", "meta", "link", "base",
        "col", "area", "html", "head", "body", "wbr", "source", "track", "param", "embed",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Formatting =
        new[] { "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What can be made of it in a second or two.</summary>
    public static HtmlFit Of(string html)
    {
        if (html.Length > MaxLength)
        {
            return HtmlFit.WordsOnly;
        }

        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var (tags, attributes, styles, depth, formatting, mostFormatting) = (0, 0, 0, 0, 0, 0);
        using var reader = new StringReader(html);
        var tokens = new HtmlTokenizer(reader) { DecodeCharacterReferences = false };
        while (tokens.ReadNextToken(out var token))
        {
            if (token is not HtmlTagToken tag || tag.Name is null)
            {
                continue;
            }

            tags++;
            attributes += tag.Attributes.Count;
            styles += tag.Attributes.Any(attribute => attribute.Id == HtmlAttributeId.Style) ? 1 : 0;
            if (!SelfClosing.Contains(tag.Name))
            {
                var known = open.GetValueOrDefault(tag.Name);
                var step = !tag.IsEndTag ? 1 : known > 0 ? -1 : 0;
                open[tag.Name] = known + step;
                depth += step;
                formatting += Formatting.Contains(tag.Name) ? step : 0;
                mostFormatting = Math.Max(mostFormatting, formatting);
            }

            if (tags > MaxTags || attributes > MaxAttributes || depth > MaxDepth || (long)tags * mostFormatting > MaxRepeated + (tags * 5L))
            {
                return HtmlFit.WordsOnly;
            }
        }

        return styles > MaxStyles ? HtmlFit.WithoutStyles : HtmlFit.Whole;
    }
}
