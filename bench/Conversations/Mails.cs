using System.Text;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Conversations;

/// <summary>Mails as programs write them, text beside HTML: every other one begins a conversation, the next one answers it with what it quotes.</summary>
internal sealed class Mails(BenchHost host, int caller)
{
    private readonly Random _random = new(caller);
    private string _quoted = "";
    private int _turn;

    /// <summary>The next one, as a request.</summary>
    public byte[] Next()
    {
        var mail = Encoding.UTF8.GetBytes(Text(_turn++).ReplaceLineEndings("\r\n"));
        return
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /api/messages/inbound/email HTTP/1.1\r\nHost: {host.Url.Authority}\r\nX-Api-Key: {host.Key}\r\n"
                + $"Content-Type: message/rfc822\r\nContent-Length: {mail.Length}\r\n\r\n"),
            .. mail,
        ];
    }

    /// <summary>The next one, as its bytes.</summary>
    public byte[] NextMail() => Encoding.UTF8.GetBytes(Text(_turn++));

    private string Text(int turn)
    {
        var isAnswer = turn % 2 == 1;
        var text = Correspondence.Text(_random);
        var quote = $"Op ma 30 nov 2026 om 09:12 schreef Service desk <{Archive.Mailbox}>:\n> {_quoted.Replace("\n", "\n> ", StringComparison.Ordinal)}\n";
        var body = isAnswer ? $"{text}\n\n{quote}" : text;
        _quoted = text;
        // One person's conversation: several come from one address in a day, and none writes so much that it is taken for a flood.
        var from = $"klant-{caller}-{turn / 10}@example.nl";
        return $"""
            Return-Path: <{from}>
            Received: from mx.example.nl by mx.chargecars.example; Mon, 30 Nov 2026 09:12:00 +0100
            From: Een klant <{from}>
            To: Service desk <{Archive.Mailbox}>
            Message-ID: <{Id(turn)}>
            {(isAnswer ? $"In-Reply-To: <{Id(turn - 1)}>\nReferences: <{Id(turn - 1)}>" : "X-Mailer: Made for the bench")}
            Subject: {(isAnswer ? "Re: " : "")}Storing laadpaal {caller}-{turn / 2}
            Date: {DateTimeOffset.UtcNow:r}
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="part"

            --part
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            {body}
            --part
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: 8bit

            <html><body><div style="font-family: sans-serif">{body.Replace("\n", "<br>\n", StringComparison.Ordinal)}</div></body></html>
            --part--

            """;
    }

    private string Id(int turn) => $"bench-{caller}-{turn}@example.nl";
}
