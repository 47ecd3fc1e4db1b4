using System.Text;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>Raw mail, written byte by byte, as mail programs and those who mean ill write it.</summary>
internal static class Eml
{
    static Eml() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Headers, a blank line, a body in a charset; both LF and CRLF line ends become CRLF.</summary>
    public static byte[] Of(string headers, string body, string charset = "utf-8") =>
        [.. Encoding.UTF8.GetBytes(Crlf(headers).TrimEnd() + "\r\n\r\n"), .. Encoding.GetEncoding(charset).GetBytes(Crlf(body))];

    /// <summary>A plain mail with the headers that most have.</summary>
    public static byte[] Plain(string from, string id, string subject, string body, string more = "") => Of(
        $"""
        From: {from}
        To: info@chargecars.nl
        Message-ID: <{id}>
        Subject: {subject}
        Date: Mon, 30 Nov 2026 10:00:00 +0100
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        {more}
        """, body);

    /// <summary>A mail of several parts, each with its own headers.</summary>
    public static byte[] Parts(string type, string more, params (string Headers, byte[] Body)[] parts)
    {
        List<byte> bytes =
        [
            .. Of($"From: Deel <delen{Guid.NewGuid():N}@example.nl>\nTo: info@chargecars.nl\nSubject: Delen\nDate: Mon, 30 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n{more}\nContent-Type: {type}; boundary=\"b\"".Replace("\n\n", "\n", StringComparison.Ordinal), ""),
        ];
        foreach (var (headers, body) in parts)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes($"--b\r\n{Crlf(headers).TrimEnd()}\r\n\r\n"));
            bytes.AddRange(body);
            bytes.AddRange("\r\n"u8);
        }

        return [.. bytes, .. "--b--\r\n"u8];
    }

    public static (string, byte[]) Part(string headers, string body) => (headers, Encoding.UTF8.GetBytes(Crlf(body)));

    public static (string, byte[]) File(string headers, byte[] content) =>
        ($"{headers}\nContent-Transfer-Encoding: base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(content)));

    /// <summary>A winmail.dat with a text and a file, after Microsoft's MS-OXTNEF.</summary>
    public static byte[] Winmail(string text, string fileName, byte[] file)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0x223E9F78u);
        writer.Write((ushort)1);
        Attribute(1, 0x00089006, [0x00, 0x00, 0x01, 0x00]);
        Attribute(1, 0x00069007, [0xE4, 0x04, 0, 0, 0, 0, 0, 0]);
        Attribute(1, 0x0002800C, [.. Encoding.ASCII.GetBytes(text), 0]);
        Attribute(2, 0x00069002, [1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]);
        Attribute(2, 0x00018010, [.. Encoding.ASCII.GetBytes(fileName), 0]);
        Attribute(2, 0x0006800F, file);
        return stream.ToArray();

        void Attribute(byte level, uint tag, byte[] data)
        {
            writer.Write(level);
            writer.Write(tag);
            writer.Write(data.Length);
            writer.Write(data);
            writer.Write((ushort)data.Sum(one => one));
        }
    }

    private static string Crlf(string text) => text.ReplaceLineEndings("\r\n");
}
