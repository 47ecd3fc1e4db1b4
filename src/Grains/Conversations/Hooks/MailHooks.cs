using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Reading;
using MimeKit;

namespace ChargeCars.Conversations.Hooks;

/// <summary>
/// Mail as inbound services hand it on. Where one includes the raw mail, that is read; its taking apart loses charsets and parts.
/// </summary>
internal static class MailHooks
{
    private const int MaxHeader = 10_000;

    /// <summary>Postmark's JSON. Its own <c>MessageID</c> is not the mail's: that stands in the headers.</summary>
    public static Result<InboundMail> Postmark(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.Parse(body) is not { ValueKind: JsonValueKind.Object } hook)
        {
            return Invalid.Field("body", "must be Postmark's JSON object");
        }

        if (hook.Member("RawEmail") is { ValueKind: JsonValueKind.String } raw && LooseJson.Raw(raw) is { Length: > 0 } text)
        {
            return MailReader.Read(Encoding.UTF8.GetBytes(text));
        }

        if (hook.Member("From") is null && hook.Member("FromFull") is null && hook.Member("Headers") is null)
        {
            return Invalid.Field("From", "is missing: this is not an inbound mail of Postmark's");
        }

        var mail = new FieldMail { Text = Long(hook.Member("TextBody")), Html = Long(hook.Member("HtmlBody")) };
        foreach (var header in hook.Member("Headers").Items())
        {
            mail.AddHeader(header.Text("Name", 200), header.Text("Value", MaxHeader));
        }

        mail.AddMissing("From", Full(hook.Member("FromFull")) ?? hook.Text("From"));
        mail.AddMissing("To", FullList(hook.Member("ToFull")) ?? hook.Text("To", MaxHeader));
        mail.AddMissing("Cc", FullList(hook.Member("CcFull")) ?? hook.Text("Cc", MaxHeader));
        mail.AddMissing("Reply-To", hook.Text("ReplyTo"));
        mail.AddMissing("Subject", hook.Text("Subject"));
        mail.AddMissing("Date", hook.Text("Date", 100));
        mail.AddHeader("Delivered-To", hook.Text("OriginalRecipient", 500));
        foreach (var file in hook.Member("Attachments").Items())
        {
            mail.AddFile(file.Text("Name"), file.Text("ContentType", 500), Bytes(file.Member("Content")), file.Text("ContentID", 500));
        }

        return mail.Read();
    }

    /// <summary>SendGrid's form: each field in the charset that the field <c>charsets</c> tells.</summary>
    public static Result<InboundMail> SendGrid(IReadOnlyList<FormPart> form)
    {
        var fields = new FormFields(form);
        if (fields.Bytes("email") is { Length: > 0 } raw)
        {
            return MailReader.Read(raw);
        }

        if (fields.Bytes("from") is null && fields.Bytes("headers") is null)
        {
            return Invalid.Field("from", "is missing: this is not an inbound mail of SendGrid's");
        }

        var charsets = Json(fields.Text("charsets"));
        var mail = new FieldMail { Text = Field("text"), Html = Field("html") };
        AddHeaders(mail, fields.Text("headers"));
        mail.AddMissing("From", Field("from"));
        mail.AddMissing("To", Field("to"));
        mail.AddMissing("Cc", Field("cc"));
        mail.AddMissing("Subject", Field("subject"));
        var envelope = Json(fields.Text("envelope"));
        mail.AddMissing("Return-Path", envelope.Member("from") is not null ? $"<{envelope.Text("from", 500)}>" : null);
        foreach (var to in envelope.Member("to").Items(100))
        {
            mail.AddHeader("Delivered-To", ((JsonElement?)to).Text(500));
        }

        var info = Json(fields.Text("attachment-info"));
        foreach (var file in fields.Files)
        {
            mail.AddFile(file.FileName, file.ContentType, file.Content, info.Member(file.Name).Text("content-id", 500));
        }

        return mail.Read();

        string? Field(string name) => fields.Text(name, charsets.Text(name, 50));
    }

    /// <summary>Mailgun's form; its signature is checked by <see cref="Signatures.IsMailguns"/>.</summary>
    public static Result<InboundMail> Mailgun(IReadOnlyList<FormPart> form)
    {
        var fields = new FormFields(form);
        if (fields.Bytes("body-mime") is { Length: > 0 } raw)
        {
            return MailReader.Read(raw);
        }

        if (fields.Bytes("from") is null && fields.Bytes("sender") is null)
        {
            return Invalid.Field("from", "is missing: this is not an inbound mail of Mailgun's");
        }

        var mail = new FieldMail { Text = fields.Text("body-plain"), Html = fields.Text("body-html") };
        foreach (var header in Json(fields.Text("message-headers")).Items())
        {
            var pair = ((JsonElement?)header).Items(2).Select(one => ((JsonElement?)one).Text(MaxHeader)).ToArray();
            if (pair is [{ } name, var value])
            {
                mail.AddHeader(name, value ?? "");
            }
        }

        mail.AddMissing("From", fields.Text("from"));
        mail.AddMissing("To", fields.Text("To") ?? fields.Text("recipient"));
        mail.AddMissing("Subject", fields.Text("subject"));
        mail.AddMissing("Return-Path", fields.Text("sender") is { } sender ? $"<{sender}>" : null);
        mail.AddHeader("Delivered-To", fields.Text("recipient"));
        var ids = Json(fields.Text("content-id-map"));
        foreach (var file in fields.Files)
        {
            mail.AddFile(file.FileName, file.ContentType, file.Content, ContentId(ids, file.Name));
        }

        return mail.Read();
    }

    private static void AddHeaders(FieldMail mail, string? headers)
    {
        if (string.IsNullOrEmpty(headers))
        {
            return;
        }

        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(headers.TrimEnd() + "\r\n\r\n"));
            foreach (var header in HeaderList.Load(stream))
            {
                mail.AddHeader(header.Field, header.Value);
            }
        }
        catch (FormatException)
        {
            // The other fields tell the rest.
        }
    }

    // Mailgun maps content ids to field names.
    private static string? ContentId(JsonElement? ids, string field) => ids is { ValueKind: JsonValueKind.Object } map
        ? map.EnumerateObject().Where(one => ((JsonElement?)one.Value).Text(200) == field).Select(Name).FirstOrDefault()
        : null;

    private static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Json(string? text) => text is null ? null : LooseJson.Parse(Encoding.UTF8.GetBytes(text));

    private static string? Full(JsonElement? person) =>
        person.Text("Email", 500) is { } email ? new MailboxAddress(person.Text("Name", 500), email).ToString() : null;

    private static string? FullList(JsonElement? people) =>
        string.Join(", ", people.Items(500).Select(person => Full(person)).OfType<string>()) is { Length: > 0 } list ? list : null;

    private static string? Long(JsonElement? text) => text is { ValueKind: JsonValueKind.String } value ? LooseJson.Raw(value) : null;

    private static byte[] Bytes(JsonElement? base64) =>
        base64 is { ValueKind: JsonValueKind.String } text && text.TryGetBytesFromBase64(out var bytes) ? bytes : [];
}
