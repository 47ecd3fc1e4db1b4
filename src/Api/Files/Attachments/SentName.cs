using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>The name that a file was sent with: made fit to keep, and remembered where that changed it.</summary>
/// <param name="Name">As it is kept.</param>
/// <param name="SentAs">As it was sent; null where that is the same.</param>
internal readonly record struct SentName(string Name, string? SentAs)
{
    private const int LongestSent = 500;

    /// <summary>Of a name that a client sent; a phone's camera is not to be told how it should name its pictures.</summary>
    public static SentName Of(string? sent)
    {
        var tidy = PlainText.Tidy(CleanText.Storable(sent ?? ""));
        var name = FileNames.Clean(tidy, "", 1);
        return new(name, name == tidy || tidy.Length == 0 ? null : CleanText.Of(tidy, LongestSent));
    }
}
