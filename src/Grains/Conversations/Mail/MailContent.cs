using MimeKit;

namespace ChargeCars.Conversations.Mail;

/// <summary>The decoded content of a mail's parts, bounded over all of them.</summary>
internal sealed class MailContent
{
    /// <summary>Bytes; beyond it attachments are left in the raw mail.</summary>
    public const long Max = 64L << 20;

    private long _decoded;

    /// <summary>The bytes of a part; null where they would be too many.</summary>
    public byte[]? Decode(MimePart part)
    {
        if (part.Content is not { } encoded)
        {
            return [];
        }

        // Decoded content is never longer than encoded.
        if (_decoded + (encoded.Stream?.Length ?? 0) > Max)
        {
            return null;
        }

        using var content = new MemoryStream();
        encoded.DecodeTo(content);
        _decoded += content.Length;
        return content.ToArray();
    }
}
