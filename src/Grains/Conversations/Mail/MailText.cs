using System.Text;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Conversations.Mail;

/// <summary>Bytes of a text in the charset that they are in, which is not always the one that is declared.</summary>
internal static class MailText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    static MailText()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Western = Encoding.GetEncoding(1252);
    }

    /// <summary>What Western bytes are that no charset explains: windows-1252.</summary>
    public static Encoding Western { get; }

    /// <summary>
    /// The text, without what PostgreSQL refuses. Declared as ASCII, as UTF-8 or not at all, it is UTF-8 where the bytes are, else
    /// windows-1252; ISO-8859-1 is read as windows-1252, as mail programs do.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var encoding = ByMark(bytes) ?? Declared(charset);
        var text = encoding is not null ? encoding.GetString(bytes) : AsUtf8(bytes) ?? Western.GetString(bytes);
        return CleanText.Storable(text is ['\uFEFF', ..] ? text[1..] : text);
    }

    private static Encoding? ByMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static Encoding? Declared(string? charset)
    {
        var name = charset?.Trim().Trim('"', '\'').ToLowerInvariant();
        switch (name)
        {
            case null or "" or "us-ascii" or "ascii" or "ansi_x3.4-1968" or "utf-8" or "utf8" or "unknown-8bit" or "default" or "x-unknown":
                return null;
            case "iso-8859-1" or "iso8859-1" or "iso_8859-1" or "latin1":
                return Western;
        }

        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? AsUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
