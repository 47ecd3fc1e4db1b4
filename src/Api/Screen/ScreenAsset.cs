using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChargeCars.Api.Screen;

/// <summary>A file of the screen, which lies in this assembly: plain, and compressed when the screen was built.</summary>
/// <param name="Name">Its name, which changes with its content.</param>
/// <param name="Encodings">The forms in which it is there beside the plain one; the smallest first.</param>
internal sealed record ScreenAsset(string Name, IReadOnlyList<string> Encodings)
{
    private const string Prefix = "screen/";

    private static readonly Assembly Owner = typeof(ScreenAsset).Assembly;
    private static readonly (string Encoding, string Extension)[] Known = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Every file of the screen; none where it was not built.</summary>
    public static IReadOnlyList<ScreenAsset> All()
    {
        var names = Owner.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. names.Where(name => !Known.Any(known => name.EndsWith(known.Extension, StringComparison.Ordinal)))
                .Select(name => new ScreenAsset(
                    name, [.. Known.Where(known => names.Contains(name + known.Extension)).Select(known => known.Encoding)])),
        ];
    }

    /// <summary>Its text.</summary>
    public string ReadText()
    {
        using var reader = new StreamReader(Open(Name));
        return reader.ReadToEnd();
    }

    /// <summary>Answers with it, in the smallest form that the client takes, to be kept for good.</summary>
    public IResult Answer(HttpContext http)
    {
        var encoding = Encodings.FirstOrDefault(encoding => Takes(http.Request, encoding));
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.Stream(
            Open(encoding is null ? Name : Name + Known.First(known => known.Encoding == encoding).Extension), ContentType,
            entityTag: new EntityTagHeaderValue($"\"{Name}{(encoding is null ? "" : $"-{encoding}")}\""));
    }

    private string ContentType => Path.GetExtension(Name) switch
    {
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".html" => "text/html; charset=utf-8",
        var other => throw new InvalidOperationException($"The screen has a file of an unknown kind: {Name} ({other})."),
    };

    private static bool Takes(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted =>
            accepted.Quality is not 0 && accepted.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));

    private static Stream Open(string name) =>
        Owner.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"{name} is not in this assembly.");
}
