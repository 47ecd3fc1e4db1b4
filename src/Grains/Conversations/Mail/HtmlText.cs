using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using MimeKit.Text;

namespace ChargeCars.Conversations.Mail;

/// <summary>The words of HTML, read in one pass without building a document: any HTML can be read so.</summary>
internal static class HtmlText
{
    private const int MaxAddresses = 1_000;

    private static readonly SearchValues<char> AddressEnds = SearchValues.Create("\"'<> )\r\n\t");

    private static readonly FrozenSet<HtmlTagId> Hidden =
        new[] { HtmlTagId.Script, HtmlTagId.Style, HtmlTagId.Head, HtmlTagId.Title }.ToFrozenSet();

    private static readonly FrozenSet<HtmlTagId> Lines = new[]
    {
        HtmlTagId.Br, HtmlTagId.P, HtmlTagId.Div, HtmlTagId.TR, HtmlTagId.LI, HtmlTagId.HR, HtmlTagId.BlockQuote, HtmlTagId.Pre, HtmlTagId.Table,
        HtmlTagId.UL, HtmlTagId.OL, HtmlTagId.H1, HtmlTagId.H2, HtmlTagId.H3, HtmlTagId.H4, HtmlTagId.H5, HtmlTagId.H6,
    }.ToFrozenSet();

    /// <summary>Its words with a line for each block, and <c>&gt;</c> before those that it quotes.</summary>
    public static string Of(string html)
    {
        var (text, line, hidden, quoted) = (new StringBuilder(), new StringBuilder(), 0, 0);
        using var reader = new StringReader(html);
        var tokens = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag)
            {
                if (Hidden.Contains(tag.Id))
                {
                    hidden = tag.IsEndTag ? Math.Max(0, hidden - 1) : tag.IsEmptyElement ? hidden : hidden + 1;
                }
                else if (tag.Id == HtmlTagId.Body)
                {
                    hidden = 0;
                }

                if (Lines.Contains(tag.Id))
                {
                    EndLine();
                }

                if (tag.Id == HtmlTagId.BlockQuote)
                {
                    quoted = Math.Clamp(quoted + (tag.IsEndTag ? -1 : 1), 0, 20);
                }
            }
            else if (hidden == 0 && token is HtmlDataToken data and not HtmlScriptDataToken)
            {
                line.Append(data.Data);
            }
        }

        EndLine();
        return text.ToString().TrimEnd();

        void EndLine()
        {
            var words = string.Join(' ', line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            line.Clear();
            if (words.Length > 0)
            {
                text.Append('>', quoted).Append(quoted > 0 ? " " : "").Append(words).Append('\n');
            }
        }
    }

    /// <summary>The content ids that its <c>cid:</c> addresses name, normalised.</summary>
    public static IReadOnlySet<string> ContentIds(string html)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; ids.Count < MaxAddresses && (at = html.IndexOf("cid:", at, StringComparison.OrdinalIgnoreCase)) >= 0; at += 4)
        {
            var end = html.AsSpan(at + 4).IndexOfAny(AddressEnds);
            var address = html.AsSpan(at + 4, Math.Min(end < 0 ? html.Length - at - 4 : end, 1_000)).ToString();
            if (MailIds.Normalize(Uri.UnescapeDataString(address)) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }
}
