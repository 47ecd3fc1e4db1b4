using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using ChargeCars.Conversations.Providers;

namespace ChargeCars.Conversations.Mail;

/// <summary>Folds quotes and signatures in HTML by the marks that mail programs leave. Nothing is taken out; in doubt all is shown.</summary>
internal static class HtmlQuotes
{
    private const string Quotes = ".gmail_quote, blockquote[type=cite], .yahoo_quoted, .moz-forward-container, blockquote.protonmail_quote, .protonmail_quote";
    private const string Signatures = ".gmail_signature, .moz-signature, #Signature, .protonmail_signature_block";

    // Outlook marks where its quote begins, and all that follows is quoted.
    private const string QuoteStarts = "#divRplyFwdMsg, #appendonsend, #mail-editor-reference-message-container";

    /// <summary>Puts each outermost quote and signature into a <c>details</c> element.</summary>
    public static void Fold(IHtmlDocument document, IHtmlElement body)
    {
        // One after the other: what is folded already is not folded again.
        List<IElement> folds = [];
        foreach (var element in body.QuerySelectorAll(Quotes).Concat(body.QuerySelectorAll(Signatures)).Where(IsOutermost))
        {
            folds.Add(Wrapped(document, [element]));
        }

        if (body.QuerySelector(QuoteStarts) is { Parent: { } parent } start && IsOutermost(start))
        {
            folds.Add(Wrapped(document, [.. parent.ChildNodes.SkipWhile(node => node != start)]));
        }

        if (folds.Count > 0 && !ShowsAnything(body))
        {
            foreach (var fold in folds)
            {
                fold.FirstElementChild?.Remove();
                fold.Replace([.. fold.ChildNodes]);
            }
        }
    }

    private static bool IsOutermost(IElement element) => element.ParentElement?.Closest("details") is null && element.ParentElement?.Closest(Quotes) is null;

    private static IElement Wrapped(IDocument document, INode[] nodes)
    {
        var (fold, summary) = (document.CreateElement("details"), document.CreateElement("summary"));
        summary.TextContent = "…";
        nodes[0].Parent!.InsertBefore(fold, nodes[0]);
        fold.Append([summary, .. nodes]);
        return fold;
    }

    private static bool ShowsAnything(IElement body) => body.Descendants<IText>()
        .Any(text => !string.IsNullOrWhiteSpace(text.Data) && text.ParentElement?.Closest("details, style, script") is null)
        || body.QuerySelectorAll("img").Any(image => image.Closest("details") is null);
}
