using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations;

/// <summary>Addresses of public web sites: http or https, a host by name, no credentials.</summary>
public static class WebsiteAddress
{
    /// <summary>Characters at most.</summary>
    public const int MaxLength = 500;

    /// <summary>As it is kept: with its scheme, https where none was typed.</summary>
    public static string Normalized(string text)
    {
        var address = PlainText.Tidy(text);
        return address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address;
    }

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text)
    {
        var address = Normalized(text);
        return address.Length > MaxLength ? $"must be at most {MaxLength} characters"
            : PlainText.Fault(address) is { } fault ? fault
            : !address.Any(char.IsWhiteSpace) && Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0 && HostName.IsPublic(uri.Host)
                ? null
                : "must be the address of a web site, such as https://www.example.nl";
    }
}
