using System.Text;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Threads;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>A mail, and what has to come of it.</summary>
/// <param name="Name">For the reader of a failure.</param>
/// <param name="Raw">The mail.</param>
/// <param name="Thread">The name of the thread that it belongs to; a new name begins one; null where it adds nothing.</param>
/// <param name="Decision">What is decided.</param>
/// <param name="Flags">What a person is told.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Contains">Words of its text.</param>
/// <param name="Account">The mailbox that it came to.</param>
/// <param name="Check">What else has to be so.</param>
internal sealed record MadeMail(
    string Name, byte[] Raw, string? Thread, Type Decision, ThreadFlag[]? Flags = null, MailAuthor Author = MailAuthor.Person, string? Contains = null,
    string Account = MailStandIn.Mailbox, Action<InboundMail>? Check = null);

/// <summary>A mailbox of a hundred mails and more, in the order of arrival.</summary>
internal sealed partial class MadeMailbox
{
    public static readonly byte[] Key = "a key for tokens"u8.ToArray();

    private readonly List<MadeMail> _mails = [];

    public MadeMailbox()
    {
        Store.Relations["jan@example.nl"] = ["jan.prive@example.org"];
        Order = Known("order", "order-1@chargecars.nl", "jan@example.nl", "Uw laadpaal");
        Archived = Known("archived", "old-1@chargecars.nl", "oud@example.nl", "Klaar", ThreadStatus.Archived);
        Known("replaced", "ours-2@chargecars.nl", "piet@example.nl", "Offerte", providerId: "ses-2@eu-west-1.amazonses.com");
        SentId = Store.Send(Guid.NewGuid(), "sent-1@chargecars.nl", "weg@example.nl", "Afspraak");
        AutomaticId = Store.Send(Guid.NewGuid(), "auto-1@chargecars.nl", "weg@example.nl", "Herinnering", isAutomatic: true);
        Encodings();
        Replies();
        Quotes();
        Forwards();
        MadeParts.AddTo(this);
        Machines();
        Bounces();
        Forgeries();
        Duplicates();
        Oddities();
        Flood();
    }

    public MailStandIn Store { get; } = new(Key);

    public Dictionary<string, Guid> Threads { get; } = [];

    public Guid Order { get; }

    public Guid Archived { get; }

    public Guid SentId { get; }

    public Guid AutomaticId { get; }

    public IReadOnlyList<MadeMail> Mails => _mails;

    public void Add(MadeMail mail) => _mails.Add(mail);

    /// <summary>A mail that begins a thread of its own.</summary>
    public void AddNew(string name, byte[] raw, string? contains = null, MailAuthor author = MailAuthor.Person, Action<InboundMail>? check = null) =>
        Add(new(name, raw, name, typeof(BeginThread), Author: author, Contains: contains, Check: check));

    private Guid Known(string name, string id, string to, string subject, ThreadStatus status = ThreadStatus.Open, string? providerId = null)
    {
        var thread = Guid.NewGuid();
        Store.Send(thread, id, to, subject, status, providerId);
        return Threads[name] = thread;
    }

    private void Encodings()
    {
        (string Charset, string Declared)[] western =
        [
            ("utf-8", "utf-8"), ("iso-8859-1", "iso-8859-1"), ("windows-1252", "windows-1252"), ("utf-8", "us-ascii"), ("windows-1252", "us-ascii"),
            ("windows-1252", "utf-8"), ("windows-1252", "no-such-charset"), ("utf-8", "\"UTF-8\""),
        ];
        foreach (var (charset, declared) in western)
        {
            AddNew($"{charset} called {declared}", Body($"text/plain; charset={declared}", "8bit", "Café naast de meterkast", charset),
                "Café naast de meterkast");
        }

        AddNew("windows-1252 without a charset", Body("text/plain", "8bit", "Prijs €100", "windows-1252"), "Prijs €100");
        AddNew("koi8-r", Body("text/plain; charset=koi8-r", "8bit", "зарядка", "koi8-r"), "зарядка");
        AddNew("iso-2022-jp", Body("text/plain; charset=iso-2022-jp", "7bit", "充電", "iso-2022-jp"), "充電");
        AddNew("utf-16 with a mark", Body("text/plain; charset=utf-16", "base64",
            Convert.ToBase64String([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Meterkast €")])), "Meterkast €");
        AddNew("base64", Body("text/plain; charset=utf-8", "base64", Convert.ToBase64String("Fase 3 × 25 A"u8)), "Fase 3 × 25 A");
        AddNew("quoted-printable", Body("text/plain; charset=utf-8", "quoted-printable", "Caf=C3=A9 =\nnaast"), "Café naast");
        AddNew("encoded words", Eml.Of("From: =?utf-8?q?Ren=C3=A9?= <rene@example.nl>\nSubject: =?iso-8859-1?q?Caf=E9?= =?utf-8?b?IOKCrA==?=\nMessage-ID: <ew@x>", "Hoi"), "Hoi", check: mail =>
            Assert.Equal(("René", "Café €"), (mail.From!.Name, mail.Subject)));
        AddNew("raw bytes in the subject", [.. Eml.Of("From: a@raw.example\nMessage-ID: <rb@x>", "Hoi")[..^7], .. "\r\nSubject: Caf"u8, 0xE9,
            .. "\r\n\r\nHoi"u8], "Hoi", check: mail =>
            Assert.Equal("Café", mail.Subject));
    }

    private void Replies()
    {
        (string Name, string Headers)[] replies =
        [
            ("In-Reply-To", "In-Reply-To: <order-1@chargecars.nl>"), ("In-Reply-To without brackets", "In-Reply-To: order-1@chargecars.nl"),
            ("In-Reply-To with blanks inside", "In-Reply-To: < order-1 @chargecars.nl >"), ("folded", "In-Reply-To:\n <order-1@chargecars.nl>"),
            ("as an encoded word", "In-Reply-To: =?utf-8?q?=3Corder-1=40chargecars.nl=3E?="),
                ("References only", "References: <else@x> <order-1@chargecars.nl>"),
            ("References without blanks", "References: <else@x><order-1@chargecars.nl>"),
        ];
        foreach (var (name, headers) in replies)
        {
            Add(new(name, Eml.Plain("Jan <jan@example.nl>", $"{NameBasedId.Of(name)}@x", "Re: Uw laadpaal", $"Antwoord {name}", headers),
                "order", typeof(JoinThread)));
        }

        Add(new("token only", Eml.Of($"From: jan@example.nl\nTo: {ReplyAddress.ForThread(MailStandIn.Mailbox, Order, Key).ToUpperInvariant()}\nMessage-ID: <tok@x>\nSubject: Antw: Uw laadpaal", "Met token"), "order", typeof(JoinThread)));
        Add(new("another address of the contact", Eml.Plain("jan.prive@example.org", "prive@x", "Re: Uw laadpaal", "Van thuis",
            "In-Reply-To: <order-1@chargecars.nl>"), "order", typeof(JoinThread)));
        Add(new("a changed subject", Eml.Plain("jan@example.nl", "renamed@x", "Nu iets anders", "Zelfde draad", "In-Reply-To: <order-1@chargecars.nl>"),
            "order", typeof(JoinThread), [ThreadFlag.SubjectChanged]));
        Add(new("the provider's id", Eml.Plain("piet@example.nl", "prov@x", "Re: Offerte", "Akkoord", "In-Reply-To: <ses-2@eu-west-1.amazonses.com>"),
            "replaced", typeof(JoinThread)));
        Add(new("an archived thread", Eml.Plain("oud@example.nl", "arch@x", "Re: Klaar", "Toch niet", "In-Reply-To: <old-1@chargecars.nl>"), "after archived",
            typeof(BeginThread)));
        AddNew("an answer to a mail we never got", Eml.Plain("Els <els@example.nl>", "seen-1@x", "Re: Onderling", "Eerste", "In-Reply-To: <never@x>"));
        Add(new("another answer to it", Eml.Plain("Els <els@example.nl>", "seen-2@x", "Re: Onderling", "Tweede", "In-Reply-To: <never@x>"),
            "an answer to a mail we never got", typeof(JoinThread)));
        Add(new("the same subject alone", Eml.Plain("jan@example.nl", "subj@x", "Re: Uw laadpaal", "Geen verwijzing"), "the same subject alone",
            typeof(BeginThread)));
        Add(new("two threads", Eml.Plain("jan@example.nl", "two@x", "Re: Uw laadpaal", "Beide", "References: <subj@x> <order-1@chargecars.nl>"),
            "the same subject alone", typeof(JoinThread), [ThreadFlag.SeveralThreads]));
    }

    private void Quotes()
    {
        (string Name, string Shown, string Folded)[] quotes =
        [
            ("Dutch attribution", "Morgen graag.", "Op ma 30 nov 2026 om 09:00 schreef ChargeCars <info@chargecars.nl>:\n> Wanneer schikt het?"),
            ("English attribution over two lines", "Tomorrow please.", "On Mon, 30 Nov 2026 at 09:00, ChargeCars\n<info@chargecars.nl> wrote:\n> When?"),
            ("heeft geschreven", "Ja.", "ChargeCars heeft op 30-11-2026 het volgende geschreven:\n> Akkoord?"),
            ("Outlook in Dutch", "Prima.",
                "Van: ChargeCars <info@chargecars.nl>\nVerzonden: maandag 30 november 2026 09:00\nAan: Jan\nOnderwerp: Uw laadpaal\n\nWanneer schikt het?"),
            ("original message", "Goed.", "-----Oorspronkelijk bericht-----\nWanneer schikt het?"),
        ];
        foreach (var (name, shown, folded) in quotes)
        {
            Add(new(name, Eml.Plain("jan@example.nl", $"{name.Replace(' ', '-')}@x", "Re: Uw laadpaal", $"{shown}\n\n{folded}\n",
                "In-Reply-To: <order-1@chargecars.nl>"), "order", typeof(JoinThread), Contains: "?", Check: mail =>
            {
                Assert.Equal(shown, Part(mail, TextFoldKind.Text));
                Assert.Equal(folded, Part(mail, TextFoldKind.Quote).ReplaceLineEndings("\n"));
            }));
        }
    }

    private void Oddities()
    {
        AddNew("no date", Eml.Of("From: a@nodate.example\nMessage-ID: <nd@x>", "Hoi"), check: mail => Assert.Null(mail.Date));
        AddNew("NUL bytes", Eml.Plain("a@nul.example", "nul@x", "a\0b", "voor\0na"), "voorna", check: mail =>
            Assert.DoesNotContain('\0', mail.Subject! + mail.Text));
        AddNew("no body", Eml.Of("From: a@empty.example\nMessage-ID: <nb@x>\nSubject: Leeg", ""));
        AddNew("nothing but bytes", [.. Enumerable.Range(0, 256).Select(one => (byte)one)]);
        AddNew("a header without end", [.. "From: a@long.example\r\nMessage-ID: <long@x>\r\nX-Long: "u8, .. Enumerable.Repeat((byte)'x', 2_000_000),
            .. "\r\n\r\nHoi"u8], "Hoi");
        AddNew("ten thousand addresses",
            Eml.Of($"From: a@many.example\nMessage-ID: <many@x>\nTo: {string.Join(", ", Enumerable.Range(0, 10_000).Select(n => $"a{n}@b.example"))}", "Hoi"),
            check: mail => Assert.Equal(500, mail.To.Count));
    }

    private void Flood()
    {
        for (var n = 1; n <= 25; n++)
        {
            Add(n <= MailLoops.FloodLimit
                ? new($"flood {n}", Eml.Plain("vloed@example.nl", $"flood-{n}@x", $"Melding {n}", $"Melding {n}"), $"flood {n}", typeof(BeginThread))
                : new($"flood {n}", Eml.Plain("vloed@example.nl", $"flood-{n}@x", $"Melding {n}", $"Melding {n}"), $"flood {MailLoops.FloodLimit}",
                    typeof(JoinThread), [ThreadFlag.Flood]));
        }
    }

    private static byte[] Body(string type, string encoding, string body, string charset = "us-ascii") => Eml.Of(
        $"From: taal{Guid.NewGuid():N}@example.nl\nMessage-ID: <{Guid.NewGuid():N}@x>\nMIME-Version: 1.0\nContent-Type: {type}\nContent-Transfer-Encoding: {encoding}", body, charset);

    private static string Part(InboundMail mail, TextFoldKind kind) =>
        string.Concat(mail.Folds.Where(fold => fold.Kind == kind).Select(fold => mail.Text.Substring(fold.Start, fold.Length))).Trim();
}
