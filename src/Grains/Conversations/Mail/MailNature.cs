namespace ChargeCars.Conversations.Mail;

/// <summary>Who or what wrote a mail.</summary>
internal enum MailAuthor
{
    /// <summary>A person.</summary>
    Person,

    /// <summary>A machine that answers, such as an absence notice or a read receipt.</summary>
    AutoReply,

    /// <summary>A mailing list or bulk mail.</summary>
    List,

    /// <summary>A mail server: a message of ours did not arrive, or late.</summary>
    Bounce,

    /// <summary>A mail provider: somebody called a mail of ours spam.</summary>
    Complaint,
}

/// <summary>Who wrote a mail, and whether a machine may answer it.</summary>
/// <param name="Author">Who or what.</param>
/// <param name="MayAutoAnswer">Whether an automatic answer is welcome.</param>
internal readonly record struct MailNature(MailAuthor Author, bool MayAutoAnswer)
{
    /// <summary>Tells by the headers, the strongest sign first.</summary>
    /// <param name="headers">Every header.</param>
    /// <param name="isToBounceAddress">Whether it came to an address that only bounces are sent to.</param>
    public static MailNature Of(MailHeaders headers, bool isToBounceAddress = false)
    {
        var type = headers.First("Content-Type") ?? "";
        var isReport = type.Contains("multipart/report", StringComparison.OrdinalIgnoreCase);
        if (isReport && type.Contains("feedback-report", StringComparison.OrdinalIgnoreCase))
        {
            return new(MailAuthor.Complaint, false);
        }

        if ((isReport && type.Contains("delivery-status", StringComparison.OrdinalIgnoreCase)) || isToBounceAddress)
        {
            return new(MailAuthor.Bounce, false);
        }

        // RFC 3834 has auto replies sent with an empty return path too: what says that it is one is one.
        if (isReport || IsAutoReply(headers))
        {
            return new(MailAuthor.AutoReply, false);
        }

        if (headers.First("Return-Path")?.Trim() is "<>" or "" || IsMailServer(headers.First("From")))
        {
            return new(MailAuthor.Bounce, false);
        }

        return Is(headers.First("Precedence"), "bulk", "junk", "list") || headers.Has("List-Id")
            ? new(MailAuthor.List, false)
            : new(MailAuthor.Person, !headers.Has("X-Auto-Response-Suppress"));
    }

    private static bool IsAutoReply(MailHeaders headers) =>
        (headers.First("Auto-Submitted") is { } auto && !Is(Word(auto), "no", ""))
        || IsSet(headers.First("X-Autoreply")) || IsSet(headers.First("X-Autorespond"))
        || Is(headers.First("Precedence"), "auto_reply");

    private static bool IsSet(string? header) => header is not null && !Is(header, "no", "false");

    private static bool Is(string? header, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (header is not null && header.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Auto-Submitted may carry parameters and comments.
    private static string Word(string header) => header.Split((char[])[';', '(', ' '], 2)[0];

    private static bool IsMailServer(string? from) => from is not null && from.Contains("mailer-daemon@", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A mail's headers, unfolded and decoded, in their order.</summary>
internal sealed class MailHeaders(IEnumerable<KeyValuePair<string, string>> headers)
{
    private readonly KeyValuePair<string, string>[] _headers = [.. headers];

    /// <summary>The first of a name; null where there is none.</summary>
    public string? First(string name) => All(name).FirstOrDefault();

    /// <summary>Whether there is one of a name.</summary>
    public bool Has(string name) => All(name).Any();

    /// <summary>All of a name.</summary>
    public IEnumerable<string> All(string name) =>
        _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
