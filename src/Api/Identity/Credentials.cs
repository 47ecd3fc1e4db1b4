using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity;

/// <summary>A credential that was sent and is not taken; the message is for the client.</summary>
internal sealed class CredentialException(string scheme, string message) : Exception(message)
{
    public string Scheme { get; } = scheme;
}

/// <summary>What a request brings to say who it is from.</summary>
/// <param name="ApiKey">A key, from its header, or from the path or a password where the endpoint says so.</param>
/// <param name="AccessToken">A token, from its header; for the hub also from the query string, for the dashboard from its cookie.</param>
/// <param name="Several">Whether there is more than one: we would have to guess which one counts.</param>
internal readonly record struct Credentials(string? ApiKey, string? AccessToken, bool Several)
{
    public const string KeyScheme = "ApiKey";
    public const string BearerScheme = "Bearer";
    public const string KeyHeader = "X-Api-Key";
    public const string HubPath = "/hubs/dispatch";
    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    /// <summary>Which scheme decides; it is the keys' that refuses several.</summary>
    public string Scheme => Several || ApiKey is not null ? KeyScheme : BearerScheme;

    public static Credentials Of(HttpRequest request)
    {
        var (key, token, count) = ((string?)null, (string?)null, 0);
        foreach (var value in request.Headers[KeyHeader])
        {
            (key, count) = (value ?? "", count + 1);
        }

        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
            {
                (token, count) = (value[BearerPrefix.Length..].Trim(), count + 1);
            }
            else if (value is not null && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<KeyAsPassword>() is not null && PasswordOf(value) is { } password)
            {
                (key, count) = (password, count + 1);
            }
        }

        // A browser can't set a header on a WebSocket. Elsewhere a token in an address is not looked at, as addresses
        // end up in logs and histories.
        if (request.Path.StartsWithSegments(HubPath))
        {
            foreach (var value in request.Query["access_token"])
            {
                (token, count) = (value ?? "", count + 1);
            }
        }

        if (request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<KeyInPath>() is { } place)
        {
            (key, count) = (request.HttpContext.GetRouteValue(place.RouteValue) as string ?? "", count + 1);
        }

        // A header says more clearly what is meant than a cookie that the browser adds by itself.
        if (count == 0)
        {
            token = DashboardAccess.TokenOf(request);
        }

        return new(key, token, count > 1);
    }

    // RFC 7617: the user's name, a colon, the password. Whose key it is, the key says.
    private static string? PasswordOf(string authorization)
    {
        if (!authorization.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = authorization[BasicPrefix.Length..].Trim();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) && Encoding.UTF8.GetString(bytes, 0, count) is var pair && pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? pair[(colon + 1)..]
            : "";
    }
}
