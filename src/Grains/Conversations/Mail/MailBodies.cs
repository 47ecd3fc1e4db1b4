using System.Net;

namespace ChargeCars.Conversations.Mail;

/// <summary>The texts of a mail: alternatives are one text in two forms, others follow one another.</summary>
internal sealed class MailBodies
{
    private readonly List<(string? Plain, string? Html)> _bodies = [];

    /// <summary>The HTML of all, where any has some.</summary>
    public string? Html => _bodies.Any(body => body.Html is not null)
        ? string.Join("<hr>", Written.Select(body => body.Html ?? $"<pre>{WebUtility.HtmlEncode(body.Plain)}</pre>"))
        : null;

    /// <summary>The words of all.</summary>
    public string Text => string.Join(
        "\n\n", Written.Select(body => string.IsNullOrWhiteSpace(body.Plain) && body.Html is not null ? HtmlText.Of(body.Html) : body.Plain));

    private IEnumerable<(string? Plain, string? Html)> Written => _bodies.Where(body => body.Plain is not null || body.Html is not null);

    /// <summary>Begins a text that comes in several forms.</summary>
    public void BeginAlternative() => _bodies.Add(default);

    /// <summary>Adds a text, or a form of the one that was begun last.</summary>
    public void Add(string text, bool isHtml, bool isForm)
    {
        var last = _bodies.Count > 0 ? _bodies[^1] : default;
        if (isForm && _bodies.Count > 0 && (isHtml ? last.Html : last.Plain) is null)
        {
            _bodies[^1] = isHtml ? (last.Plain, text) : (text, last.Html);
        }
        else
        {
            _bodies.Add(isHtml ? (null, text) : (text, null));
        }
    }
}
