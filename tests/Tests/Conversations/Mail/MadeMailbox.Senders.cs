using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Threads;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>The mails of machines, forgers and repeaters.</summary>
internal sealed partial class MadeMailbox
{
    private void Forwards()
    {
        (string Prefix, string From, string Sent)[] forwards = [("Fwd", "From", "Date"), ("FW", "From", "Sent"), ("WG", "Von", "Gesendet"),
            ("Doorst", "Van", "Verzonden")];
        foreach (var (prefix, from, sent) in forwards)
        {
            var body = $"Zie onder.\n\n{from}: Klaas de Vries <klaas@klant.example>\n{sent}: vandaag\n\nDe paal doet niets.";
            var raw = Eml.Plain("monteur@chargecars.nl", $"{prefix}@x", $"{prefix}: Storing", body);
            Add(new($"forward {prefix}", raw, $"forward {prefix}", typeof(BeginThread), [ThreadFlag.ForwardedSender], Contains: "De paal doet niets", Check: mail =>
                Assert.Equal((true, new("klaas@klant.example", "Klaas de Vries")), (mail.IsForward, mail.ForwardedFrom))));
        }
    }

    private void Machines()
    {
        (string Name, string Header, MailAuthor Author)[] machines =
        [
            ("absence notice", "Auto-Submitted: auto-replied (vacation)", MailAuthor.AutoReply), ("X-Autoreply", "X-Autoreply: yes", MailAuthor.AutoReply),
            ("X-Autorespond", "X-Autorespond: ik ben er niet", MailAuthor.AutoReply),
                ("Precedence auto_reply", "Precedence: auto_reply", MailAuthor.AutoReply),
            ("an absence notice with an empty return path", "Return-Path: <>\nAuto-Submitted: auto-replied", MailAuthor.AutoReply),
            ("bulk", "Precedence: bulk", MailAuthor.List), ("a list", "List-Id: <nieuws.example.nl>", MailAuthor.List),
                ("Outlook's suppression", "X-Auto-Response-Suppress: All", MailAuthor.Person),
            ("Auto-Submitted no", "Auto-Submitted: no", MailAuthor.Person),
        ];
        foreach (var (name, header, author) in machines)
        {
            Add(new(name, Eml.Plain("jan@example.nl", $"{name.Replace(' ', '-')}@machine", "Re: Uw laadpaal", name,
                $"In-Reply-To: <order-1@chargecars.nl>\n{header}"), "order", typeof(JoinThread), Author: author, Check: mail =>
                Assert.Equal(name == "Auto-Submitted no", MailLoops.MayAnswer(mail.Nature, false, null, DateTimeOffset.UnixEpoch))));
        }
    }

    private void Bounces()
    {
        Bounce("failed, by its returned message", "failed", SentId, BounceEffect.Fail,
            ("message/rfc822", "Message-ID: <sent-1@chargecars.nl>\nSubject: Afspraak\n\nHoi"));
        Bounce("failed, by its returned headers", "failed", SentId, BounceEffect.Fail,
            ("text/rfc822-headers", "Message-ID: <sent-1@chargecars.nl>\nSubject: Afspraak\n"));
        Bounce("delayed", "delayed", SentId, BounceEffect.Note, ("message/rfc822", "Message-ID: <sent-1@chargecars.nl>\n\nHoi"));
        Bounce("of automatic mail", "failed", AutomaticId, BounceEffect.None, ("message/rfc822", "Message-ID: <auto-1@chargecars.nl>\n\nHoi"));
        Bounce("failed, by its token", "failed", SentId, BounceEffect.Fail, null,
            $"Delivered-To: {ReplyAddress.ForMessage(MailStandIn.Mailbox, SentId, Key)}");
        AddNew("a bounce of another kind", Eml.Plain("mail@elders.example", "b0@x", "Undelivered", "No such user", "Return-Path: <>"),
            author: MailAuthor.Bounce, check: mail =>
            Assert.Equal((null, BounceEffect.Note), (mail.Bounce!.Action, Store.Bounced(mail).Effect)));
        AddNew("a complaint", Eml.Parts("multipart/report; report-type=feedback-report", "Message-ID: <arf@x>", Eml.Part("Content-Type: text/plain", "Klacht"),
            Eml.Part("Content-Type: message/feedback-report", "Feedback-Type: abuse")), "Klacht", MailAuthor.Complaint);
        AddNew("a read receipt", Eml.Parts("multipart/report; report-type=disposition-notification", "Message-ID: <mdn@x>",
            Eml.Part("Content-Type: text/plain", "Gelezen")), "Gelezen", MailAuthor.AutoReply);
    }

    private void Bounce(string name, string action, Guid message, BounceEffect effect, (string Type, string Body)? returned, string more = "")
    {
        (string, byte[])[] parts =
        [
            Eml.Part("Content-Type: text/plain", "Helaas"),
            Eml.Part("Content-Type: message/delivery-status",
                $"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; weg@example.nl\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n"),
            .. returned is { } part ? [Eml.Part($"Content-Type: {part.Type}", part.Body)] : Array.Empty<(string, byte[])>(),
        ];
        var raw = Eml.Parts("multipart/report; report-type=delivery-status",
            $"Message-ID: <{name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}@dsn>\n{more}", parts);
        AddNew(name, raw, "Helaas", MailAuthor.Bounce, mail =>
        {
            Assert.Equal((action, "weg@example.nl", "5.1.1"), (mail.Bounce!.Action, mail.Bounce.Recipient, mail.Bounce.Status));
            Assert.Equal((message, effect), Store.Bounced(mail));
        });
    }

    private void Forgeries()
    {
        ThreadFlag[] foreign = [ThreadFlag.ForeignReference];
        Add(new("a stranger's In-Reply-To", Eml.Plain("boef@evil.example", "f1@x", "Re: Uw laadpaal", "Nieuwe rekening",
            "In-Reply-To: <order-1@chargecars.nl>"), "f1", typeof(BeginThread), foreign));
        Add(new("a stranger's References", Eml.Plain("boef2@evil.example", "f2@x", "Re: Uw laadpaal", "Nieuwe rekening",
            "References: <order-1@chargecars.nl>"), "f2", typeof(BeginThread), foreign));
        Add(new("a stranger with a token",
            Eml.Of($"From: boef3@evil.example\nTo: {ReplyAddress.ForThread(MailStandIn.Mailbox, Order, Key)}\nMessage-ID: <f3@x>", "Gevonden"), "f3",
            typeof(BeginThread), foreign));
        Add(new("a made-up token", Eml.Of($"From: raadt@example.nl\nTo: info+t.{Order:N}00000000000000000000@chargecars.nl\nMessage-ID: <f4@x>", "Geraden"),
            "f4", typeof(BeginThread)));
        Add(new("a mail that names itself", Eml.Plain("lus@example.nl", "self@x", "Lus", "Ik ben het", "In-Reply-To: <self@x>\nReferences: <self@x>"), "self",
            typeof(BeginThread), Check: mail => Assert.Empty(mail.References)));
    }

    private void Duplicates()
    {
        var mail = Eml.Plain("dubbel@example.nl", "dup@x", "Dubbel", "Zelfde bericht");
        AddNew("first of two", mail);
        Add(new("the same again", mail, null, typeof(DuplicateMessage)));
        Add(new("the same to another mailbox", mail, null, typeof(AnotherPlace), Account: "sales@chargecars.nl"));
        Add(new("the same id, other words", Eml.Plain("ander@example.nl", "dup@x", "Anders", "Ander bericht"), "other words", typeof(BeginThread),
            [ThreadFlag.AmbiguousMessageId]));
        Add(new("an answer to the id of two", Eml.Plain("dubbel@example.nl", "dup-re@x", "Re: Dubbel", "Op welke?", "In-Reply-To: <dup@x>"), "which",
            typeof(BeginThread)));
        var noId = "From: zonder@example.nl\nTo: info@chargecars.nl\nDate: Mon, 30 Nov 2026 10:00:00 +0100\nSubject: Zonder id";
        AddNew("without an id", Eml.Of(noId, "Een keer"));
        Add(new("without an id by another route", Eml.Of($"Received: from elsewhere\nDelivered-To: info@chargecars.nl\n{noId}", "Een  keer\n"), null,
            typeof(DuplicateMessage)));
        Add(new("our own copy", Eml.Plain($"ChargeCars <{MailStandIn.Mailbox}>", "order-1@chargecars.nl", "Uw laadpaal",
            "Van ons, met voettekst van de lijst"), null, typeof(OwnCopy)));
    }
}
