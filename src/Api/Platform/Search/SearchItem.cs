using System.Net;
using System.Text;
using ChargeCars.Platform.Search;

namespace ChargeCars.Api.Platform.Search;

/// <summary>One find.</summary>
/// <param name="Type">Its table, such as <c>organization</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Subtitle">What tells it from others of its name; null where there is nothing.</param>
/// <param name="Highlight">
/// By what it was found, as safe HTML: text whose own signs are escaped, with <c>&lt;mark&gt;</c> around what was typed.
/// </param>
public sealed record SearchItem(string Type, Guid Id, string Title, string? Subtitle, string Highlight)
{
    private const int Longest = 160;

    internal static SearchItem Of(SearchHit hit, string typed) =>
        new(hit.Type, hit.Id, hit.Text.Title, string.IsNullOrWhiteSpace(hit.Text.Subtitle) ? null : hit.Text.Subtitle, Marked(hit.Text, typed));

    // The first text that holds the most of what was typed; the title where none does, as after a typing error.
    private static string Marked(SearchText text, string typed)
    {
        var best = text.Shown.Select(shown => (Shown: shown, Places: SearchHighlight.Places(shown, typed)))
            .DefaultIfEmpty((Shown: text.Title, Places: [])).MaxBy(pair => pair.Places.Sum(place => place.Length));
        var start = best.Places.Count > 0 && best.Shown.Length > Longest ? Math.Max(0, best.Places[0].Start - 40) : 0;
        var marked = new StringBuilder();
        var at = start;
        var end = Math.Min(best.Shown.Length, start + Longest);
        foreach (var (from, length) in best.Places.Where(place => place.Start >= start && place.Start + place.Length <= end))
        {
            marked.Append(WebUtility.HtmlEncode(best.Shown[at..from])).Append("<mark>").Append(WebUtility.HtmlEncode(best.Shown.Substring(from, length))).Append("</mark>");
            at = from + length;
        }

        return marked.Append(WebUtility.HtmlEncode(best.Shown[at..end])).ToString();
    }
}
