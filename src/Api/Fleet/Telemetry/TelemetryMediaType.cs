using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>The kinds of bodies that positions come in.</summary>
internal enum TelemetryMediaType
{
    /// <summary>No content type is named.</summary>
    None,

    /// <summary><c>application/json</c>.</summary>
    Json,

    /// <summary><c>application/x-ndjson</c>: one JSON value a line.</summary>
    Lines,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary>Another one, another charset than UTF-8, or compressed.</summary>
    Other,
}

/// <summary>Reads a request's kind from its headers, without allocating.</summary>
internal static class TelemetryMediaTypes
{
    public static TelemetryMediaType Of(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return TelemetryMediaType.Other;
        }

        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var parameters = end < 0 ? default : type[(end + 1)..].Trim();
        if (parameters.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
            && !IsReadable(parameters["charset=".Length..]))
        {
            return TelemetryMediaType.Other;
        }

        type = (end < 0 ? type : type[..end]).Trim();
        return type.IsEmpty ? TelemetryMediaType.None
            : type.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? TelemetryMediaType.Json
            : type.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase) ? TelemetryMediaType.Lines
            : type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? TelemetryMediaType.Form
            : TelemetryMediaType.Other;
    }

    // Forms and most JSON are ASCII, which is the same in each of these; a byte beyond that which is no UTF-8 is refused by its reader.
    private static bool IsReadable(ReadOnlySpan<char> charset)
    {
        charset = charset.Trim("\"' ");
        return charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase);
    }
}
