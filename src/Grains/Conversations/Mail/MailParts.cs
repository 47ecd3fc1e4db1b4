using MimeKit;
using MimeKit.Tnef;

namespace ChargeCars.Conversations.Mail;

/// <summary>Text, HTML and attachments of a mail, gathered from its parts however they are nested.</summary>
internal sealed class MailParts
{
    /// <summary>A mail of more parts has none to read.</summary>
    public const int MaxParts = 500;

    private const int MaxText = 1_000_000;

    private readonly MailBodies _bodies = new();
    private readonly MailFiles _files = new();
    private readonly MailContent _content = new();
    private readonly List<string> _faults = [];
    private readonly Stack<(MimeEntity Part, bool IsForm)> _open = new();
    private string? _invitation;
    private int _count;

    public string Text { get; private set; } = "";

    public string? Html { get; private set; }

    public BounceReport? Bounce { get; private set; }

    public IReadOnlyList<MailAttachment> Attachments => _files.All;

    public IReadOnlyList<string> Faults => _faults;

    public static MailParts Of(MimeMessage message)
    {
        var parts = new MailParts();
        if (message.Body is { } body)
        {
            parts.Walk(body);
        }

        parts.Finish();
        return parts;
    }

    private void Walk(MimeEntity body)
    {
        _open.Push((body, false));
        while (_open.TryPop(out var next))
        {
            if (++_count > MaxParts)
            {
                _faults.Add($"The mail has more than {MaxParts} parts; the others are in the raw mail only.");
                return;
            }

            try
            {
                Take(next.Part, next.IsForm);
            }
            // A part is foreign bytes in a foreign encoding: what a decoder says of it is any of a dozen exceptions.
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                _faults.Add($"A part of type {MailFiles.TypeOf(next.Part)} could not be read ({fault.GetType().Name}); it is in the raw mail.");
            }
        }
    }

    private void Take(MimeEntity part, bool isForm)
    {
        switch (part)
        {
            case Multipart multipart:
                Open(multipart, isForm);
                break;
            case MessagePart enclosed:
                Enclose(enclosed);
                break;
            case MessageDeliveryStatus status:
                Bounce = MailReports.Join(Bounce, MailReports.Read(status));
                break;
            case TnefPart winmail:
                Unpack(winmail);
                break;
            case TextPart text when IsBody(text):
                AddBody(text, isForm);
                break;
            case MimePart file:
                Attach(file);
                break;
        }
    }

    private void Open(Multipart multipart, bool isForm)
    {
        if (!isForm && multipart.ContentType.IsMimeType("multipart", "alternative"))
        {
            _bodies.BeginAlternative();
            isForm = true;
        }

        // The HTML of two forms often stands beside its pictures, in parts of its own: it is a form all the same.
        for (var i = Math.Min(multipart.Count, MaxParts) - 1; i >= 0; i--)
        {
            _open.Push((multipart[i], isForm));
        }
    }

    private static bool IsBody(TextPart text) =>
        (text.IsPlain || text.IsHtml) && text.FileName is null && !(text.ContentDisposition?.IsAttachment ?? false);

    private void AddBody(TextPart part, bool isForm)
    {
        var text = MailText.Decode(Decoded(part) ?? [], part.ContentType.Charset);
        if (text.Length > MaxText)
        {
            text = StorableText.Cut(text, MaxText);
            _faults.Add($"The text is longer than {MaxText} characters; the rest is in the raw mail.");
        }

        _bodies.Add(text, part.IsHtml, isForm);
    }

    private void Enclose(MessagePart enclosed)
    {
        Bounce = MailReports.Join(Bounce, MailReports.Returned(enclosed));
        using var content = new MemoryStream();
        enclosed.Message?.WriteTo(content);
        var name = enclosed.Message?.Subject is { Length: > 0 } subject ? $"{subject}.eml" : null;
        _files.Add(enclosed, content.ToArray(), MailAttachmentKind.EnclosedMail, name);
    }

    private void Unpack(TnefPart winmail)
    {
        try
        {
            if (winmail.ConvertToMessage() is { Body: { } body })
            {
                _open.Push((body, false));
                return;
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _faults.Add($"winmail.dat could not be opened ({fault.GetType().Name}); it is attached as it came.");
        }

        Attach(winmail);
    }

    private void Attach(MimePart file)
    {
        if (Decoded(file) is not { } content)
        {
            return;
        }

        if (file.ContentType.IsMimeType("text", "rfc822-headers"))
        {
            Bounce = MailReports.Join(Bounce, MailReports.Returned(content));
        }

        var isInvitation = file.ContentType.IsMimeType("text", "calendar") || file.ContentType.IsMimeType("application", "ics");
        if (isInvitation)
        {
            _invitation ??= Invitations.Describe(MailText.Decode(content, file.ContentType.Charset));
        }

        _files.Add(file, content, isInvitation ? MailAttachmentKind.Invitation : MailAttachmentKind.File, null);
    }

    private byte[]? Decoded(MimePart part)
    {
        var content = _content.Decode(part);
        if (content is null)
        {
            _faults.Add($"An attachment ({MailFiles.TypeOf(part)}) is left in the raw mail: all together would be over {MailContent.Max >> 20} MB.");
        }

        return content;
    }

    private void Finish()
    {
        (Text, Html) = (_bodies.Text, _bodies.Html);
        if (string.IsNullOrWhiteSpace(Text) && _invitation is not null)
        {
            Text = _invitation;
        }

        if (Html is not null)
        {
            _files.MarkShown(HtmlText.ContentIds(Html));
        }
    }
}
