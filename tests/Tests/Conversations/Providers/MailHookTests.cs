using System.Text;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Providers;

public sealed class MailHookTests
{
    private const string Raw = "From: Jan <jan@example.nl>\r\nTo: info@chargecars.nl\r\nMessage-ID: <raw@x>\r\nSubject: Laadpaal\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPrijs €100\r\n";
    private const string Topic = "arn:aws:sns:eu-west-1:1:mail";
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Postmark_TakesTheMailsOwnIdNotTheirs()
    {
        var mail = MailHooks.Postmark(Encoding.UTF8.GetBytes("""
            {"From":"jan@example.nl","FromFull":{"Email":"Jan@Example.nl","Name":"Jan"},"ToFull":[{"Email":"info@chargecars.nl","Name":""}],"OriginalRecipient":"info+t.x@chargecars.nl",
             "Subject":"Re: Laadpaal","MessageID":"postmark-id","Date":"Mon, 30 Nov 2026 10:00:00 +0100","TextBody":"Prijs €100","HtmlBody":"<p>Prijs €100</p><img src='cid:logo@x'>",
             "Headers":[{"Name":"Message-ID","Value":"<own@x>"},{"Name":"In-Reply-To","Value":"<ours@chargecars.nl>"},{"Name":"Auto-Submitted","Value":"no"}],
             "Attachments":[{"Name":"..\\logo.png","Content":"AQID","ContentType":"image/png","ContentID":"<logo@x>"},{"Name":"leeg.txt","Content":"","ContentType":"text/plain"}]}
            """)).Value!;

        Assert.Equal(("own@x", "jan@example.nl", "Re: Laadpaal", "Prijs €100"), (mail.ExternalId, mail.From!.Address, mail.Subject, mail.Text.Trim()));
        Assert.Equal(["ours@chargecars.nl"], mail.References);
        Assert.Contains("info+t.x@chargecars.nl", mail.DeliveredTo);
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero), mail.Date);
        Assert.Equal([("logo.png", 3, true), ("leeg.txt", 0, false)], mail.Attachments.Select(file => (file.FileName, file.Content.Length, file.IsInline)));
        Assert.Equal(MailAuthor.Person, mail.Nature.Author);
    }

    [Fact]
    public void SendGrid_ReadsEachFieldInItsCharset()
    {
        var mail = MailHooks.SendGrid(
        [
            Field("charsets", """{"text":"windows-1252","subject":"iso-8859-15","html":"utf-8"}"""), new("text", null, null, new byte[] { (byte)'P', 0x80 }),
            new("subject", null, null, new byte[] { 0xA4, (byte)'1' }), Field("from", "Jan <jan@example.nl>"), Field("to", "info@chargecars.nl"),
            Field("headers", "Message-ID: <sg@x>\nReferences: <a@x> <b@x>\n"), Field("envelope", """{"to":["info+x@chargecars.nl"],"from":""}"""),
            Field("attachment-info", """{"attachment1":{"content-id":"c1"}}"""), new("attachment1", "foto.jpg", "image/jpeg", new byte[] { 1 }),
        ]).Value!;

        Assert.Equal(("sg@x", "P€", "€1"), (mail.ExternalId, mail.Text.Trim(), mail.Subject));
        Assert.Equal(["b@x", "a@x"], mail.References);
        Assert.Contains("info+x@chargecars.nl", mail.DeliveredTo);
        Assert.Equal(MailAuthor.Bounce, mail.Nature.Author);
        Assert.Equal("c1", Assert.Single(mail.Attachments).ContentId);
    }

    [Fact]
    public void AnyService_ThatIncludesTheRawMail_IsReadFromThat()
    {
        var bytes = Encoding.UTF8.GetBytes(Raw);
        Result<InboundMail>[] mails =
        [
            MailHooks.SendGrid([new("email", null, null, bytes), Field("from", "x@y")]),
                MailHooks.Mailgun([new("body-mime", null, null, bytes), Field("from", "x@y")]),
            MailHooks.Postmark(Encoding.UTF8.GetBytes($$"""{"RawEmail":{{System.Text.Json.JsonSerializer.Serialize(Raw)}}}""")),
        ];

        Assert.All(mails, mail => Assert.Equal(("raw@x", "Prijs €100"), (mail.Value!.ExternalId, mail.Value.Text.Trim())));
    }

    [Fact]
    public void Mailgun_ReadsItsForm_AndItsSignature()
    {
        var mail = MailHooks.Mailgun(
        [
            Field("from", "Jan <jan@example.nl>"), Field("sender", "bounce@example.nl"), Field("recipient", "info@chargecars.nl"),
                Field("subject", "Laadpaal"),
            Field("body-plain", "Hoi"), Field("message-headers", """[["Message-Id","<mg@x>"],["X-Autoreply","yes"],[1]]"""),
            Field("content-id-map", """{"<c1>":"attachment-1"}"""), new("attachment-1", "a.png", "image/png", new byte[] { 1 }),
        ]).Value!;
        Assert.Equal(("mg@x", MailAuthor.AutoReply, "c1"), (mail.ExternalId, mail.Nature.Author, mail.Attachments[0].ContentId));

        var signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("key"u8, "1796000000token"u8));
        Assert.True(Signatures.IsMailguns("1796000000", "token", signature, ["old", "key"]));
        Assert.False(Signatures.IsMailguns("1796000001", "token", signature, ["key"]));
        Assert.False(Signatures.IsMailguns("1796000000", "token", null, ["key"]));
    }

    [Fact]
    public void Ses_ReadsMailsOfKnownTopicsOnly()
    {
        var message = System.Text.Json.JsonSerializer.Serialize(new
        {
            notificationType = "Received", receipt = new { action = new { type = "SNS", encoding = "BASE64" } },
                content = Convert.ToBase64String(Encoding.UTF8.GetBytes(Raw)),
        });
        Assert.Equal("raw@x", MailReader.Read(Assert.IsType<SesMail>(Ses("Notification", message)).Mail).ExternalId);
        Assert.IsType<Invalid>(SesHook.Read(Envelope("Notification", message), ["another"], Now).Error);

        var stored = """{"notificationType":"Received","receipt":{"action":{"type":"S3","bucketName":"b","objectKey":"k"}}}""";
        Assert.Equal(new SesStoredMail("b", "k"), Ses("Notification", stored));
    }

    [Theory]
    [InlineData("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription", true)]
    [InlineData("https://sns.eu-west-1.amazonaws.com.evil.example/", false)]
    [InlineData("https://user@sns.eu-west-1.amazonaws.com/", false)]
    [InlineData("http://sns.eu-west-1.amazonaws.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Ses_ConfirmsATopicAtAmazonsOwnAddressOnly(string address, bool confirms) =>
        Assert.Equal(confirms, SesHook.Read(Envelope("SubscriptionConfirmation", "", address), [Topic], Now).Value is SesSubscription);

    [Fact]
    public void Ses_OfABounce_SaysWhatBecameOfOurs()
    {
        var status = Assert.Single(Assert.IsType<SesStatuses>(Ses("Notification", """
            {"notificationType":"Bounce","mail":{"messageId":"ses-1","source":"info@chargecars.nl","headers":[{"name":"Message-ID","value":"<ours@x>"}]},
             "bounce":{"bounceType":"Permanent","timestamp":"2026-11-30T08:00:00Z","bouncedRecipients":[{"emailAddress":"a@b","status":"5.1.1","diagnosticCode":"no such user"}]}}
            """)).Statuses);

        Assert.Equal(("ses-1", "ours@x", MessageStatus.Failed, DeliveryFate.Final, "5.1.1"), (
            status.ExternalId, status.OurId, status.Report.Status, status.Report.Fate, status.Report.ErrorCode));
    }

    [Fact]
    public async Task Form_OfBytesInAnyCharset_IsReadAsTheyAre()
    {
        byte[] body = [.. "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"u8, 0x80,
            .. "\r\n--b\r\nContent-Disposition: form-data; name=\"attachment1\"; filename=\"a.bin\"\r\nContent-Type: x/y\r\n\r\n"u8, 0, .. "\r\n--b--\r\n"u8];

        var parts = (await FormPart.ReadAsync(new MemoryStream(body), "b", default)).Value!;

        Assert.Equal([("text", null, (byte)0x80), ("attachment1", "a.bin", (byte)0)], parts.Select(part => (part.Name, part.FileName, part.Content.Span[0])));
        Assert.IsType<Invalid>((await FormPart.ReadAsync(new MemoryStream([1, 2, 3]), "b", default)).Error);
    }

    [Property(MaxTest = 200)]
    public void Read_AnyBytes_NeverThrows(byte[] noise, string? text, int at)
    {
        var postmark = Encoding.UTF8.GetBytes("""{"From":"a@b","Headers":[{"Name":"Subject","Value":"x"}],"Attachments":[{"Name":"a","Content":"AQID","ContentType":"a/b"}],"TextBody":"x"}""");
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(postmark.AsSpan((int)((uint)at % (postmark.Length - 8))));
        FormPart[] form =
        [
            Field("from", text ?? ""), new("headers", null, null, noise), new("charsets", null, null, noise), new("text", null, null, noise),
                new("subject", null, null, noise),
            new("attachment1", text ?? "", text, noise), new("message-headers", null, null, postmark), Field("sender", text ?? ""),
                Field("content-id-map", text ?? ""),
        ];

        Assert.NotNull(MailHooks.Postmark(postmark));
        Assert.NotNull(MailHooks.Postmark(noise));
        Assert.NotNull(MailHooks.SendGrid(form));
        Assert.NotNull(MailHooks.Mailgun(form));
        Assert.NotNull(SesHook.Read(Envelope("Notification", Encoding.UTF8.GetString(postmark)), [Topic], Now));
        Assert.NotNull(SesHook.Read(noise, [Topic], Now));
    }

    [Property(MaxTest = 200)]
    public async Task Form_OfAnyBytes_NeverThrows(byte[] noise, string? boundary, int at)
    {
        byte[] body =
        [
            .. "--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=utf-8''x\r\n\r\nx\r\n"u8,
            .. "--b\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\ny\r\n--b--\r\n"u8,
        ];
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));

        Assert.NotNull(await FormPart.ReadAsync(new MemoryStream(body), "b", default));
        Assert.NotNull(await FormPart.ReadAsync(new MemoryStream(noise), boundary ?? "", default));
    }

    private static FormPart Field(string name, string value) => new(name, null, null, Encoding.UTF8.GetBytes(value));

    private static SesReading Ses(string type, string message) => SesHook.Read(Envelope(type, message), [Topic], Now).Value!;

    private static byte[] Envelope(string type, string message, string address = "") => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
        new { Type = type, TopicArn = Topic, Message = message, SubscribeURL = address });
}
