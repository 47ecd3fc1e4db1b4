using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Threads;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>A store of messages and threads in memory that answers what the matching asks, and carries out what it decides.</summary>
internal sealed class MailStandIn(byte[] key)
{
    private readonly List<Stored> _messages = [];
    private readonly Dictionary<Guid, Kept> _threads = [];

    public const string Mailbox = "info@chargecars.nl";

    /// <summary>Customers whose addresses belong together: contact or organisation.</summary>
    public Dictionary<string, string[]> Relations { get; } = [];

    public IReadOnlyCollection<Guid> Threads => _threads.Keys;

    /// <summary>A message that we sent, in a thread with a customer.</summary>
    public Guid Send(Guid thread, string id, string to, string? subject = null, ThreadStatus status = ThreadStatus.Open, string? providerId = null,
        bool isAutomatic = false)
    {
        if (!_threads.TryGetValue(thread, out var kept))
        {
            _threads[thread] = kept = new(thread, status, Clock(), subject, With(to));
        }

        var message = new Stored(Guid.NewGuid(), kept.Id, id, Mailbox, true, Mailbox, "ours", [], providerId, isAutomatic, Clock());
        _messages.Add(message);
        return message.Id;
    }

    /// <summary>Takes a mail in and answers what was decided, and the thread that it is in now.</summary>
    public (ThreadDecision Decision, Guid? Thread) Receive(InboundMail mail, string account = Mailbox)
    {
        var message = new IncomingMessage(
            mail.ExternalId, mail.ContentHash, mail.From?.Address ?? "", ReplyAddress.Threads(mail.DeliveredTo, key), mail.References, mail.Subject,
            IsForwarded: mail.ForwardedFrom is not null && mail.From?.Address.EndsWith("@chargecars.nl", StringComparison.Ordinal) is true);
        var decision = ThreadMatch.Decide(message, Answer(message, account));
        Guid? thread = decision switch
        {
            JoinThread join => join.ThreadId,
            BeginThread => Begin(mail),
            _ => null,
        };
        if (thread is { } id)
        {
            _messages.Add(new(Guid.NewGuid(), id, mail.ExternalId, account, false, message.Sender, mail.ContentHash, mail.References, null, false, Clock()));
        }

        return (decision, thread ?? _messages.FirstOrDefault(known => known.ExternalId == mail.ExternalId)?.Thread);
    }

    /// <summary>The message of ours that a bounce is of.</summary>
    public (Guid? Message, BounceEffect Effect) Bounced(InboundMail mail)
    {
        var tokens = ReplyAddress.Messages(mail.DeliveredTo, key);
        var message = _messages.FirstOrDefault(known => known.IsOurs && (tokens.Contains(known.Id) || (tokens.Count == 0
            && known.ExternalId == mail.Bounce?.OriginalMessageId)));
        return (message?.Id, BounceRules.Of(mail.Bounce?.Action, message?.IsAutomatic ?? false));
    }

    private ThreadAnswer Answer(IncomingMessage message, string account)
    {
        var ambiguous = _messages.GroupBy(known => known.ExternalId).Where(same => same.Select(known => known.Hash).Distinct().Count() > 1).Select(same =>
            same.Key).ToHashSet();
        return new(
            [.. _messages.Where(known => known.ExternalId == message.ExternalId).Select(known =>
                new KnownMessage(known.Id, known.IsOurs, known.Sender, known.Hash, known.Account == account))],
            [.. message.Tokens.Where(_threads.ContainsKey).Select(token => Hit(_threads[token]))],
            [.. Found(id => _messages.Where(known => known.ExternalId == id && !ambiguous.Contains(id)))],
            [.. Found(id => _messages.Where(known => known.References.Contains(id) && !_messages.Exists(other => other.ExternalId == id)))],
            [.. Found(id => _messages.Where(known => known.ProviderId == id))],
            [.. _threads.Values.Where(thread => thread.Participants.Contains(message.Sender)).Select(Hit)],
            1 + _messages.Count(known => known.Sender == message.Sender && !known.IsOurs));

        IEnumerable<ThreadHit> Found(Func<string, IEnumerable<Stored>> find) =>
            message.References.SelectMany(find).Select(known => Hit(_threads[known.Thread]));
    }

    private Guid Begin(InboundMail mail)
    {
        var thread = new Kept(Guid.NewGuid(), ThreadStatus.Open, Clock(), mail.Subject, With(mail.From?.Address ?? ""));
        _threads[thread.Id] = thread;
        return thread.Id;
    }

    private HashSet<string> With(string customer) => [customer, Mailbox, "monteur@chargecars.nl", .. Relations.GetValueOrDefault(customer, [])];

    private static ThreadHit Hit(Kept thread) => new(thread.Id, thread.Status, thread.OpenedAt, thread.Subject, thread.Participants);

    private DateTimeOffset Clock() => DateTimeOffset.UnixEpoch.AddMinutes(_messages.Count);

    private sealed record Kept(Guid Id, ThreadStatus Status, DateTimeOffset OpenedAt, string? Subject, HashSet<string> Participants);

    private sealed record Stored(
        Guid Id, Guid Thread, string ExternalId, string Account, bool IsOurs, string Sender, string Hash, IReadOnlyList<string> References, string? ProviderId,
        bool IsAutomatic, DateTimeOffset At);
}
