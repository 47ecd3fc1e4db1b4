using ChargeCars.Conversations.Mail;
using ChargeCars.Platform.Reading;
using MimeKit;

namespace ChargeCars.Conversations.Hooks;

/// <summary>A mail that a service took apart, put together again and read by the one reader of mail.</summary>
internal sealed class FieldMail
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<(string? Name, string? Type, ReadOnlyMemory<byte> Content, string? ContentId)> _files = [];

    /// <summary>Its text.</summary>
    public string? Text { get; set; }

    /// <summary>Its HTML.</summary>
    public string? Html { get; set; }

    /// <summary>Adds a header; a blank one is none.</summary>
    public void AddHeader(string? name, string? value)
    {
        if (CleanText.Of(name, 200) is { } field && value is not null && field.All(c => c is > ' ' and < '\x7f' and not ':'))
        {
            _headers.Add(new(field, CleanText.Storable(value).ReplaceLineEndings(" ")));
        }
    }

    /// <summary>Adds a header where there is none of its name.</summary>
    public void AddMissing(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value) && !_headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            AddHeader(name, value);
        }
    }

    /// <summary>Adds an attachment.</summary>
    public void AddFile(string? name, string? type, ReadOnlyMemory<byte> content, string? contentId) => _files.Add((name, type, content, contentId));

    /// <summary>Reads it.</summary>
    public InboundMail Read(bool isToBounceAddress = false)
    {
        using var message = new MimeMessage();
        message.Headers.Clear();
        foreach (var (name, value) in _headers.Where(header => !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
        {
            message.Headers.Add(name, value);
        }

        var body = new BodyBuilder { TextBody = Storable(Text), HtmlBody = Storable(Html) };
        foreach (var (name, type, content, contentId) in _files)
        {
            var part = new MimePart(TypeOf(type))
            {
                Content = new MimeContent(new MemoryStream(content.ToArray(), writable: false)),
                ContentDisposition = new(ContentDisposition.Attachment),
                FileName = CleanText.Of(name, 1_000) ?? "",
            };
            if (MailIds.Normalize(contentId) is { } id && id.All(c => c is > ' ' and < '\x7f'))
            {
                part.Headers.Add("Content-Id", $"<{id}>");
            }

            body.Attachments.Add(part);
        }

        message.Body = body.ToMessageBody();
        return MailReader.Read(message, new(_headers), isToBounceAddress);
    }

    // A file is a leaf, whatever it is called.
    private static ContentType TypeOf(string? type) =>
        ContentType.TryParse(type ?? "", out var known) && known.MediaType.ToLowerInvariant() is not ("multipart" or "message")
            ? known
            : new("application", "octet-stream");

    private static string? Storable(string? text) => text is null ? null : CleanText.Storable(text);
}
