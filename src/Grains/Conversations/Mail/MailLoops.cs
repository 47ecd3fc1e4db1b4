namespace ChargeCars.Conversations.Mail;

/// <summary>Keeps two machines from writing to each other, and one sender from drowning all others.</summary>
internal static class MailLoops
{
    /// <summary>One automatic answer a sender in this time.</summary>
    public static readonly TimeSpan AnswerInterval = TimeSpan.FromHours(24);

    /// <summary>The time in which a sender's mails are counted.</summary>
    public static readonly TimeSpan FloodTime = TimeSpan.FromMinutes(120);

    /// <summary>More mails than this of one sender in that time open no new thread.</summary>
    public const int FloodLimit = 20;

    /// <summary>Whether the program may answer by itself. <paramref name="now"/> is UTC.</summary>
    /// <param name="nature">Who wrote.</param>
    /// <param name="isOurs">Whether the sender is an address of ours.</param>
    /// <param name="answeredAt">When the program answered this sender last.</param>
    /// <param name="now">UTC.</param>
    public static bool MayAnswer(MailNature nature, bool isOurs, DateTimeOffset? answeredAt, DateTimeOffset now) =>
        nature is { Author: MailAuthor.Person, MayAutoAnswer: true } && !isOurs && !(now - answeredAt < AnswerInterval);

    /// <summary>Whether a sender wrote too much for another thread; <paramref name="recent"/> counts this mail too.</summary>
    public static bool IsFlood(int recent) => recent > FloodLimit;

    /// <summary>The headers of a mail that the program sends by itself, so that machines leave it unanswered. Its envelope sender is empty.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OwnHeaders { get; } =
    [
        new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All"),
    ];
}

/// <summary>What a report of a mail server does.</summary>
internal enum BounceEffect
{
    /// <summary>Nothing: it is kept.</summary>
    None,

    /// <summary>A note: it may arrive yet, or did.</summary>
    Note,

    /// <summary>The message failed; its thread opens again and its author is told.</summary>
    Fail,
}

/// <summary>What a report of a mail server does.</summary>
internal static class BounceRules
{
    /// <param name="action">The report's <c>Action</c> (RFC 3464): failed, delayed, delivered, relayed, expanded; null where it has none.</param>
    /// <param name="isOfAutomaticMail">Whether the program sent the mail by itself.</param>
    public static BounceEffect Of(string? action, bool isOfAutomaticMail) => isOfAutomaticMail ? BounceEffect.None : action?.Trim().ToLowerInvariant() switch
    {
        "failed" => BounceEffect.Fail,
        _ => BounceEffect.Note,
    };
}
