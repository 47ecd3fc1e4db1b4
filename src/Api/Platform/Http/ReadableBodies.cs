using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Platform.Http;

/// <summary>
/// JSON is UTF-8 (RFC 8259, 8.1): a body of another charset is answered 415. Whatever charset a client names, the framework would
/// look for, and fail where there is none. Bodies in other formats are their readers' to judge.
/// </summary>
internal static class ReadableBodies
{
    public static Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        http.Request.ContentType is not { } type || !type.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null || MakeReadable(http.Request, type)
                ? next(http)
                : ProblemAnswers.Of(
                    StatusCodes.Status415UnsupportedMediaType, "media-type", "The content type is not known here", "Send JSON in UTF-8.").ExecuteAsync(http);

    private static bool MakeReadable(HttpRequest request, string text)
    {
        if (!MediaTypeHeaderValue.TryParse(text, out var type) || !type.Charset.HasValue)
        {
            // What can't be parsed is no JSON to the framework either: 415 follows.
            return true;
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (!charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // The framework knows neither the quotes that RFC 9110 allows nor "utf8", and ASCII is UTF-8.
        request.ContentType = type.MediaType.ToString();
        return true;
    }
}
