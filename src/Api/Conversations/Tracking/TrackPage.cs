using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>
/// The page of a customer's link, whole in one answer, as it is opened on a phone on the road. Its policy lets that one script and that one
/// style run, by their hashes, and speak to this API alone.
/// </summary>
internal static partial class TrackPage
{
    private static readonly string Html = Read();

    private static readonly byte[] Page = Encoding.UTF8.GetBytes(Html);

    private static readonly string Policy =
        $"default-src 'none'; script-src {HashOf(Script())}; style-src {HashOf(Style())}; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IResult Answer(HttpContext http)
    {
        PageHeaders.Set(http, Policy);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        return Results.Bytes(Page, "text/html; charset=utf-8");
    }

    private static string HashOf(Regex part) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(part.Match(Html).Groups[1].Value)))}'";

    private static string Read()
    {
        using var reader = new StreamReader(typeof(TrackPage).Assembly.GetManifestResourceStream("track/track.html")
            ?? throw new InvalidOperationException("The page of customers' links is not in this assembly."));
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex("<script>(.*)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
