namespace ChargeCars.Conversations.Mail;

/// <summary>An address and the name that stood before it.</summary>
/// <param name="Address">Lower case.</param>
/// <param name="Name">Decoded.</param>
internal sealed record MailAddress(string Address, string? Name);

/// <summary>What kind of thing an attachment is.</summary>
internal enum MailAttachmentKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A mail of its own.</summary>
    EnclosedMail,

    /// <summary>An invitation or its answer (iCalendar).</summary>
    Invitation,
}

/// <summary>Something that came with a mail.</summary>
/// <param name="FileName">A name that is safe to store, show and download.</param>
/// <param name="OriginalFileName">As it was sent; null where it had none.</param>
/// <param name="MimeType">As it was sent, lower case.</param>
/// <param name="Content">Decoded; may be empty.</param>
/// <param name="ContentId">Normalised, for <c>cid:</c> addresses.</param>
/// <param name="IsInline">Whether the HTML shows it.</param>
/// <param name="Kind">What it is.</param>
internal sealed record MailAttachment(
    string FileName, string? OriginalFileName, string MimeType, ReadOnlyMemory<byte> Content, string? ContentId, bool IsInline, MailAttachmentKind Kind);

/// <summary>What a mail server reports of a message of ours (RFC 3464).</summary>
/// <param name="Action">failed, delayed, delivered, relayed, expanded; null where the report is no such report.</param>
/// <param name="Recipient">Whom it was for.</param>
/// <param name="Status">Such as 5.1.1.</param>
/// <param name="Diagnostic">The server's words.</param>
/// <param name="OriginalMessageId">The id of the message that it returns, normalised.</param>
internal sealed record BounceReport(string? Action, string? Recipient, string? Status, string? Diagnostic, string? OriginalMessageId);

/// <summary>A mail as it was read. Every text can be stored: no U+0000, no half characters. What could not be read is named.</summary>
internal sealed record InboundMail
{
    /// <summary>Its Message-ID, normalised; what stands for it where it has none.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Whether it had a Message-ID.</summary>
    public bool HasOwnId { get; init; }

    /// <summary>Sender and body, to tell it from another mail of the same id.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Ids that it refers to, in the order of the search.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Who wrote it; null where no header says so.</summary>
    public MailAddress? From { get; init; }

    /// <summary>Where answers go, if not to <see cref="From"/>.</summary>
    public MailAddress? ReplyTo { get; init; }

    /// <summary>Whom it is for.</summary>
    public IReadOnlyList<MailAddress> To { get; init; } = [];

    /// <summary>In copy.</summary>
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    /// <summary>In blind copy, where the header is still there.</summary>
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    /// <summary>Every address that it was delivered to, to look for tokens.</summary>
    public IReadOnlyList<string> DeliveredTo { get; init; } = [];

    /// <summary>When it was written by its own account, UTC; null without a date.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Decoded.</summary>
    public string? Subject { get; init; }

    /// <summary>Its text; made of the HTML or the invitation where it has none.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its HTML as received: never to be shown before it is sanitised.</summary>
    public string? Html { get; init; }

    /// <summary>Which parts of the text are quotes and signatures; together they are the text.</summary>
    public IReadOnlyList<TextFold> Folds { get; init; } = [];

    /// <summary>All that came with it.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>Who or what wrote it.</summary>
    public MailNature Nature { get; init; }

    /// <summary>What a mail server reports; null where it is no bounce.</summary>
    public BounceReport? Bounce { get; init; }

    /// <summary>The id of the mail that it complains of; null where it is no complaint or names none.</summary>
    public string? ComplainsOf { get; init; }

    /// <summary>Whether its subject says that it was forwarded.</summary>
    public bool IsForward { get; init; }

    /// <summary>Whom a forwarded text names as its writer; not verified.</summary>
    public MailAddress? ForwardedFrom { get; init; }

    /// <summary>Every header.</summary>
    public required MailHeaders Headers { get; init; }

    /// <summary>What could not be read, in words for the reader; the raw mail has it all.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
