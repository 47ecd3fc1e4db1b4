using System.Text;
using ChargeCars.Conversations.Mail;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Mail;

public sealed class HtmlMailTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<a href=\" java&#10;script:alert(1)\">x</a>")]
    [InlineData("<a href=\"data:text/html,x\">x</a>")]
    [InlineData("<iframe src=\"https://evil\"></iframe>")]
    [InlineData("<form action=\"https://evil\"><input name=password><button>Inloggen</button></form>")]
    [InlineData("<svg onload=alert(1)><image href=\"https://evil\"/></svg>")]
    [InlineData("<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>")]
    [InlineData("<div style=\"background:url(https://evil/x)\">x</div>")]
    [InlineData("<div style=\"background-image:\\75rl(https://evil/x)\">x</div>")]
    [InlineData("<div style=\"list-style: url('https://evil/x')\">x</div>")]
    [InlineData("<div style=\"position:fixed;top:0;z-index:9\">x</div>")]
    [InlineData("<style>@import url(https://evil); body{background:url(https://evil)}</style>")]
    [InlineData("<link rel=stylesheet href=https://evil>")]
    [InlineData("<base href=https://evil><meta http-equiv=refresh content=\"0;url=https://evil\">")]
    [InlineData("<img srcset=\"https://evil/a 1x\" src=\"//evil/b\">")]
    [InlineData("<table background=\"https://evil/x\"><tr><td background=\"https://evil/y\">x</td></tr></table>")]
    [InlineData("<video poster=https://evil src=https://evil></video><object data=https://evil></object>")]
    [InlineData("<img src=\"data:image/svg+xml;base64,PHN2Zy8+\">")]
    [InlineData("<p id=\"top\" class=\"admin\" name=\"x\">x</p>")]
    public void Sanitize_WhatReachesOut_IsGone(string html)
    {
        var shown = Sanitize(html).Html;

        Assert.DoesNotMatch("(?i)script|onerror|onload|<form|<input|<button|<iframe|<svg|<math|<style|<link|<base|<meta|<video|<object|url\\s*\\(|evil|position|srcset|background=|svg\\+xml|\\sid=|class=|name=", shown);
    }

    [Fact]
    public void Sanitize_OfImages_BlocksRemoteOnesAndPlacesInlineOnes()
    {
        var shown = Sanitize("<img src=\"https://tracker/x.gif\" width=1><img src=\"CID:logo%40x\"><img src=\"cid:missing\"><img src=\"data:image/png;base64,AQID\">");

        Assert.Equal(1, shown.BlockedImages);
        Assert.Contains("data-remote-src=\"https://tracker/x.gif\"", shown.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("[^-]src=\"http", shown.Html);
        Assert.Contains("src=\"/files/logo@x\"", shown.Html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", shown.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", shown.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sanitize_OfWhatAMailIsMadeOf_KeepsIt()
    {
        var shown = Sanitize("<p style=\"color:red; font-size:12px\">Bel <a href=\"tel:+31612345678\">ons</a> of <a href=\"mailto:info@x.nl\">mail</a>, zie <a href=\"https://x.nl\">x</a></p><table border=1><tr><td colspan=2>1</td></tr></table>").Html;

        Assert.All(["tel:+31612345678", "mailto:info@x.nl", "https://x.nl", "font-size", "colspan=\"2\"", "noopener", "_blank"], part =>
            Assert.Contains(part, shown, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<div>Nieuw</div><div class=\"gmail_quote\"><div>Op ma schreef x:</div><blockquote class=\"gmail_quote\">Oud</blockquote></div>")]
    [InlineData("<p>Nieuw</p><blockquote type=\"cite\">Oud</blockquote>")]
    [InlineData("<p>Nieuw</p><div id=\"divRplyFwdMsg\">Van: x</div><div>Oud</div>")]
    public void Sanitize_OfAQuote_FoldsItOnce(string html)
    {
        var shown = Sanitize(html).Html;

        Assert.Single(shown.Split("<details>")[1..]);
        Assert.InRange(shown.IndexOf("Nieuw", StringComparison.Ordinal), 0, shown.IndexOf("<details>", StringComparison.Ordinal));
        Assert.True(shown.IndexOf("Oud", StringComparison.Ordinal) > shown.IndexOf("<details>", StringComparison.Ordinal));
    }

    [Fact]
    public void Sanitize_OfAQuoteAlone_ShowsIt()
    {
        var shown = Sanitize("<blockquote type=\"cite\">Alleen dit</blockquote>").Html;

        Assert.DoesNotContain("<details>", shown, StringComparison.Ordinal);
        Assert.Contains("Alleen dit", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Sanitize_OfWhatWouldTakeSeconds_ShowsItsWords()
    {
        string[] bombs =
        [
            $"{Repeated("<div>", 20_000)}diep", $"{Repeated("<p><b><i><u>", 200)}{Repeated("<p>x", 20_000)}diep", $"{Repeated("<table><tr><td>", 2_000)}diep",
            $"<p {string.Concat(Enumerable.Range(0, 150_000).Select(n => $"a{n}=1 "))}>diep", $"{Repeated("x ", 600_000)}diep",
                $"{Repeated("<a href=x>", 5_000)}diep",
        ];

        Assert.All(bombs, bomb =>
        {
            var shown = Sanitize(bomb);
            Assert.True(shown.IsPlain);
            Assert.Contains("diep", shown.Html, StringComparison.Ordinal);
        });
        var styled = Sanitize(Repeated("<p style=\"color:red\">regel</p>", 3_000));
        Assert.Equal((false, false), (styled.IsPlain, styled.Html.Contains("style", StringComparison.Ordinal)));
        Assert.False(Sanitize($"{Repeated("<p>regel<br>", 5_000)}{Repeated("<table><tr><td>", 50)}").IsPlain);
    }

    [Property(MaxTest = 200)]
    public void Sanitize_AnyHtml_NeverThrowsNorScripts(string?[] texts, int seed)
    {
        string[] known = ["<div", ">", "<script>", "</script>", "<!--", "-->", "<img src=", "\"", "<style>", "<p style='", "'", "<table>", "</table>", "<svg>",
            "onload=x ", "<details>", "<blockquote type=cite>", "</", "<title>", "<textarea>"];
        var random = new Random(seed);

        var shown = Sanitize(string.Concat(texts.Select(text => random.Next(3) == 0 ? text : known[random.Next(known.Length)])));

        Assert.DoesNotMatch("(?i)<script|<style|<svg|<[^>]*\\sonload", shown.Html);
    }

    private static string Repeated(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static ShownHtml Sanitize(string html) => HtmlMail.Sanitize(html, id => id == "missing" ? null : $"/files/{id}");
}
