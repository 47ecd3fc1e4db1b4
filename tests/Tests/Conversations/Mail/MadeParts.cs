using System.Text;
using ChargeCars.Conversations.Mail;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>The mails of the mailbox that are made of parts.</summary>
internal static class MadeParts
{
    private const string Invitation = """
        BEGIN:VCALENDAR
        VERSION:2.0
        METHOD:REQUEST
        BEGIN:VEVENT
        UID:1
        DTSTART;TZID=Europe/Amsterdam:20261201T090000
        DTEND;TZID=Europe/Amsterdam:20261201T100000
        SUMMARY:Schouw meterkast
        LOCATION:Dorpsstraat 1
        END:VEVENT
        END:VCALENDAR
        """;

    public static void AddTo(MadeMailbox box)
    {
        var (text, html) = (Eml.Part("Content-Type: text/plain; charset=utf-8", "Alleen tekst"),
            Eml.Part("Content-Type: text/html; charset=utf-8", "<p>Met <b>opmaak</b></p>"));
        box.AddNew("alternative", Mail("multipart/alternative", text, html), "Alleen tekst", check: mail =>
            Assert.Contains("<b>", mail.Html, StringComparison.Ordinal));
        box.AddNew("alternative with pictures beside the html", Mail("multipart/alternative", text, Eml.Part(
            "Content-Type: multipart/related; boundary=r",
            "--r\nContent-Type: text/html\n\n<p>Alleen tekst</p><img src='cid:p@x'>\n--r\nContent-Type: image/png; name=p.png\nContent-ID: <p@x>\n\nx\n--r--")),
            check: mail => Assert.Equal(("Alleen tekst", true), (mail.Text.Trim(), Assert.Single(mail.Attachments).IsInline)));
        box.AddNew("html only", Mail("multipart/mixed", html), "Met opmaak");
        box.AddNew("related with a picture", Mail(
            "multipart/related", Eml.Part("Content-Type: text/html", "<img src=\"cid:logo@x\"><p>Logo</p>"),
                Eml.File("Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Disposition: inline", [1, 2, 3]),
            Eml.File("Content-Type: image/png; name=los.png\nContent-ID: <los@x>\nContent-Disposition: inline", [1])), "Logo", check: mail =>
            Assert.Equal([("logo.png", true), ("los.png", false)], mail.Attachments.Select(file => (file.FileName, file.IsInline))));
        box.AddNew("text, picture, text", Mail("multipart/mixed", text,
            Eml.File("Content-Type: image/jpeg; name=a.jpg\nContent-Disposition: inline; filename=a.jpg", [1]),
            Eml.Part("Content-Type: text/plain", "En nog dit")), "En nog dit", check: mail =>
            Assert.Contains("Alleen tekst", mail.Text, StringComparison.Ordinal));
        box.AddNew("a text file", Mail("multipart/mixed", text,
            Eml.Part("Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment; filename=log.txt", "regel")), check: mail =>
            Assert.Equal(("log.txt", false), (Assert.Single(mail.Attachments).FileName, mail.Text.Contains("regel", StringComparison.Ordinal))));
        box.AddNew("an invitation without text", Mail("multipart/mixed", Eml.Part("Content-Type: text/calendar; method=REQUEST; charset=utf-8", Invitation)),
            "Schouw meterkast", check: mail =>
        {
            Assert.Contains("2026-12-01 09:00 (Europe/Amsterdam)", mail.Text, StringComparison.Ordinal);
            Assert.Equal((MailAttachmentKind.Invitation, "attachment-1.ics"), (mail.Attachments[0].Kind, mail.Attachments[0].FileName));
        });
        box.AddNew("winmail.dat", Mail("multipart/mixed", Eml.File("Content-Type: application/ms-tnef; name=winmail.dat",
            Eml.Winmail("Uit Outlook", "tekening.pdf", [1, 2, 3]))), "Uit Outlook", check: mail =>
            Assert.Equal(("tekening.pdf", 3), (Assert.Single(mail.Attachments).FileName, mail.Attachments[0].Content.Length)));
        box.AddNew("a broken winmail.dat", Mail("multipart/mixed", text, Eml.File("Content-Type: application/ms-tnef; name=winmail.dat", [1, 2, 3])),
            "Alleen tekst", check: mail =>
            Assert.Equal("winmail.dat", Assert.Single(mail.Attachments).FileName));
        box.AddNew("an enclosed mail", Mail("multipart/mixed", text, Eml.Part("Content-Type: message/rfc822",
            "From: a@b.example\nSubject: Ingesloten: bericht\n\nBinnenin")), "Alleen tekst", check: mail =>
        {
            Assert.Equal((MailAttachmentKind.EnclosedMail, "Ingesloten_ bericht.eml"), (Assert.Single(mail.Attachments).Kind, mail.Attachments[0].FileName));
            Assert.Contains("Binnenin", Encoding.UTF8.GetString(mail.Attachments[0].Content.Span), StringComparison.Ordinal);
        });
        box.AddNew("zero bytes", Mail("multipart/mixed", text, Eml.File("Content-Type: application/pdf; name=leeg.pdf\nContent-Disposition: attachment", [])),
            check: mail =>
            Assert.Equal(("leeg.pdf", 0), (Assert.Single(mail.Attachments).FileName, mail.Attachments[0].Content.Length)));
        box.AddNew("a path and an override", Mail(
            "multipart/mixed", text, Eml.File("Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"..\\\\..\\\\etc\\\\passwd\"", [1]),
            Eml.File("Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''factuur%E2%80%AEfdp.exe", [1])), check: mail =>
        {
            Assert.Equal(["passwd", "factuurfdp.exe"], mail.Attachments.Select(file => file.FileName));
            Assert.Contains('\u202E', mail.Attachments[1].OriginalFileName!);
        });
        box.AddNew("signed", Mail("multipart/signed", text, Eml.File("Content-Type: application/pkcs7-signature; name=smime.p7s", [1, 2])), "Alleen tekst",
            check: mail => Assert.Equal("smime.p7s", Assert.Single(mail.Attachments).FileName));
        box.AddNew("encrypted", Mail("multipart/mixed", Eml.File("Content-Type: application/pkcs7-mime; smime-type=enveloped-data", [1, 2])), check: mail =>
            Assert.Equal("attachment-1.p7m", Assert.Single(mail.Attachments).FileName));
        box.AddNew("a thousand parts", Mail("multipart/mixed", [.. Enumerable.Repeat(text, 1_000)]), "Alleen tekst", check: mail =>
            Assert.NotEmpty(mail.Faults));
        box.AddNew("a bomb of nested parts", Nested(5_000), check: mail => Assert.NotNull(mail.Text));
        box.AddNew("a boundary that never ends", [.. Mail("multipart/mixed", text)[..^9]], "Alleen tekst");
        box.AddNew("base64 that is none", Mail("multipart/mixed", Eml.Part("Content-Type: application/pdf; name=x.pdf\nContent-Transfer-Encoding: base64",
            "!!! geen base64 !!!")), check: mail => Assert.Single(mail.Attachments));
    }

    private static byte[] Mail(string type, params (string, byte[])[] parts) => Eml.Parts(type, $"Message-ID: <{Guid.NewGuid():N}@x>", parts);

    private static byte[] Nested(int depth)
    {
        var mail = new StringBuilder("From: bom@example.nl\r\nMessage-ID: <bomb@x>\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n");
        for (var n = 0; n < depth; n++)
        {
            mail.Append(System.Globalization.CultureInfo.InvariantCulture, $"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n");
        }

        return Encoding.ASCII.GetBytes(mail.ToString());
    }
}
