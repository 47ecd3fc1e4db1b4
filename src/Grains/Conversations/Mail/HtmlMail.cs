using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace ChargeCars.Conversations.Mail;

/// <summary>HTML that may be shown, in a frame that runs no scripts.</summary>
/// <param name="Html">The inside of a body.</param>
/// <param name="BlockedImages">How many remote images it asks for; their addresses stand in <c>data-remote-src</c>.</param>
/// <param name="IsPlain">Whether only its words are shown, since its HTML is too large or too deep.</param>
internal sealed record ShownHtml(string Html, int BlockedImages, bool IsPlain);

/// <summary>
/// Makes foreign HTML safe to show: no scripts, forms, frames or styles that reach out of their place; nothing is fetched from
/// elsewhere until somebody asks for it; quotes and signatures are folded. Bounded in time: what does not fit is shown as its words.
/// </summary>
internal static partial class HtmlMail
{
    private static readonly string[] Tags =
    [
        "a", "abbr", "address", "b", "bdi", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details",
        "div", "dl",
        "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
        "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
        "tr", "tt", "u", "ul",
    ];

    private static readonly string[] Attributes =
    [
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "cols", "colspan", "dir", "face", "height", "href", "hspace", "lang",
        "nowrap", "rows", "rowspan", "size", "span", "src", "start", "style", "title", "type", "valign", "vspace", "width",
    ];

    private static readonly string[] Styles =
    [
        "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right", "border-spacing",
        "border-style", "border-top", "border-width", "color", "direction", "display", "font", "font-family", "font-size", "font-style", "font-weight",
        "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
        "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration", "text-indent",
        "text-transform", "vertical-align", "white-space", "width", "word-break",
    ];

    /// <summary>Makes HTML showable.</summary>
    /// <param name="html">As it was received.</param>
    /// <param name="inlineAddress">Where the attachment of a content id is to be had; null where there is none.</param>
    public static ShownHtml Sanitize(string html, Func<string, string?> inlineAddress)
    {
        var fit = HtmlBounds.Of(html);
        if (fit == HtmlFit.WordsOnly)
        {
            return new($"<pre style=\"white-space: pre-wrap\">{WebUtility.HtmlEncode(HtmlText.Of(html))}</pre>", 0, true);
        }

        // Made anew: it holds what it was asked about, and is cheap beside a document.
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "tel", "cid", "data"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(Styles, StringComparer.OrdinalIgnoreCase),
            AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
        })
        {
            DisallowCssPropertyValue = Reaching(),
        };
        var document = sanitizer.HtmlParserFactory().ParseDocument(html);
        if (document.Body is not { } body)
        {
            return new("", 0, false);
        }

        if (fit == HtmlFit.WithoutStyles)
        {
            foreach (var styled in body.QuerySelectorAll("[style]"))
            {
                styled.RemoveAttribute("style");
            }
        }

        HtmlQuotes.Fold(document, body);
        sanitizer.SanitizeDom(document, body);
        var blocked = 0;
        foreach (var image in body.QuerySelectorAll("img"))
        {
            blocked += Place(image, inlineAddress) ? 1 : 0;
        }

        foreach (var link in body.QuerySelectorAll("[href]"))
        {
            Tame(link);
        }

        return new(body.InnerHtml, blocked, false);
    }

    /// <summary>Answers whether the image is a remote one.</summary>
    private static bool Place(IElement image, Func<string, string?> inlineAddress)
    {
        var source = image.GetAttribute("src")?.Trim() ?? "";
        image.RemoveAttribute("src");
        if (source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            if (MailIds.Normalize(Uri.UnescapeDataString(source[4..])) is { } id && inlineAddress(id) is { } address)
            {
                image.SetAttribute("src", address);
            }

            return false;
        }

        if (DataImage().IsMatch(source))
        {
            image.SetAttribute("src", source);
            return false;
        }

        var isRemote = source.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        if (isRemote)
        {
            image.SetAttribute("data-remote-src", source);
        }

        return isRemote;
    }

    private static void Tame(IElement link)
    {
        var address = link.GetAttribute("href")?.Trim() ?? "";
        if (link is not IHtmlAnchorElement || !Linkable().IsMatch(address))
        {
            link.RemoveAttribute("href");
            return;
        }

        link.SetAttribute("target", "_blank");
        link.SetAttribute("rel", "noopener noreferrer nofollow");
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // A value that fetches, computes or is written so that one can't tell.
    [GeneratedRegex(@"url\s*\(|image|expression|javascript|attr\s*\(|var\s*\(|[<>\\@]", Options)]
    private static partial Regex Reaching();

    [GeneratedRegex(@"^data:image/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]*$", Options)]
    private static partial Regex DataImage();

    [GeneratedRegex(@"^(?:https?:|mailto:|tel:)", Options)]
    private static partial Regex Linkable();
}
