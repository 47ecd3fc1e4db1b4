using ChargeCars.Platform.Reading;
using MimeKit;

namespace ChargeCars.Conversations.Mail;

/// <summary>The attachments of a mail, in the order of its parts.</summary>
internal sealed class MailFiles
{
    private readonly List<MailAttachment> _files = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<MailAttachment> All => _files;

    /// <summary>Adds one; <paramref name="fallbackName"/> where its part has no name.</summary>
    public void Add(MimeEntity part, byte[] content, MailAttachmentKind kind, string? fallbackName)
    {
        var original = CleanText.Of((part as MimePart)?.FileName ?? part.ContentDisposition?.FileName ?? part.ContentType.Name, 1_000);
        var type = TypeOf(part);
        _files.Add(new(
            FileNames.Clean(original ?? fallbackName, type, _files.Count + 1), original, type, content, MailIds.Normalize(part.ContentId),
            IsInline: false, kind));
    }

    /// <summary>Marks those that the HTML shows.</summary>
    public void MarkShown(IReadOnlySet<string> contentIds)
    {
        for (var i = 0; i < _files.Count; i++)
        {
            _files[i] = _files[i] with { IsInline = _files[i].ContentId is { } id && contentIds.Contains(id) };
        }
    }

    /// <summary>A part's type, lower case.</summary>
    public static string TypeOf(MimeEntity part) => CleanText.Of(part.ContentType.MimeType, 200)?.ToLowerInvariant() ?? "application/octet-stream";
}
