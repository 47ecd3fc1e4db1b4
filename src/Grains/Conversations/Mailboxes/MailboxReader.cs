using System.Text;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Mail;
using ChargeCars.Platform.Storage;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Conversations.Mailboxes;

/// <summary>
/// Takes what is new in an open folder. How far it was read is the folder's numbering and the newest number, never flags or dates: people
/// read mails and mark them unread. A mail is worked after it was kept, by whoever is there, so that none stands in the next one's way.
/// </summary>
internal sealed partial class MailboxReader(MailboxCursors cursors, InboundStore store, TimeProvider time, ILogger<MailboxReader> logger)
{
    private const int Step = 50;
    private const int MostAttempts = 10;

    private static readonly string[] IdHeaders = ["Message-Id"];

    /// <summary>Takes it; answers how many mails were kept.</summary>
    public async Task<int> ReadAsync(IMailFolder folder, MailboxOptions.Mailbox box, MailboxCursor cursor, CancellationToken cancellation)
    {
        var (account, validity) = (cursor.AccountId, (long)folder.UidValidity);
        if (validity != cursor.UidValidity)
        {
            await cursors.RenumberAsync(account, validity, cancellation);
            cursor = cursor with { UidValidity = validity, LastUid = 0, IsRescan = cursor.UidValidity != 0 };
        }

        var kept = 0;
        foreach (var missed in await cursors.MissedAsync(account, validity, MostAttempts, cancellation))
        {
            kept += await TakeAsync(folder, box, account, new UniqueId((uint)validity, (uint)missed), null, wasMissed: true, cancellation) ? 1 : 0;
        }

        foreach (var step in (await NewAsync(folder, box, cursor, cancellation)).Chunk(Step))
        {
            kept += await TakeStepAsync(folder, box, cursor, step, cancellation);
        }

        return kept;
    }

    private static async Task<IEnumerable<UniqueId>> NewAsync(
        IMailFolder folder, MailboxOptions.Mailbox box, MailboxCursor cursor, CancellationToken cancellation)
    {
        if (folder.Count == 0 || cursor.LastUid >= uint.MaxValue)
        {
            return [];
        }

        SearchQuery query = SearchQuery.Uids(new UniqueIdRange(new UniqueId((uint)cursor.LastUid + 1), UniqueId.MaxValue));
        if (box.Since is { } since)
        {
            query = query.And(SearchQuery.DeliveredAfter(since));
        }

        // Of "from here on" a server answers its newest mail, though it was read before.
        return (await folder.SearchAsync(query, cancellation)).Where(uid => uid.Id > cursor.LastUid).OrderBy(uid => uid.Id);
    }

    private async Task<int> TakeStepAsync(IMailFolder folder, MailboxOptions.Mailbox box, MailboxCursor cursor, UniqueId[] step, CancellationToken cancellation)
    {
        var request = cursor.IsRescan
            ? new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Size, IdHeaders)
            : new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Size);
        var found = (await folder.FetchAsync(step, request, cancellation)).DistinctBy(mail => mail.UniqueId.Id).ToDictionary(mail => mail.UniqueId.Id);
        var ids = found.Where(_ => cursor.IsRescan).Select(mail => (Uid: mail.Key, Id: MailIds.Normalize(mail.Value.Headers?["Message-Id"])))
            .Where(mail => mail.Id is not null).ToDictionary(mail => mail.Uid, mail => mail.Id!);
        var known = ids.Count == 0 ? new HashSet<string>() : await cursors.KnownAsync([.. ids.Values.Distinct()], cancellation);
        var (kept, seen) = (0, new List<UniqueId>());
        foreach (var uid in step)
        {
            // It was deleted in the meantime, or is known by another number.
            if (!found.TryGetValue(uid.Id, out var mail) || (ids.TryGetValue(uid.Id, out var id) && known.Contains(id)))
            {
                await cursors.RunAsync([MailboxCursors.Advance(cursor.AccountId, cursor.UidValidity, uid.Id)], cancellation);
                continue;
            }

            if (await TakeAsync(folder, box, cursor.AccountId, uid, mail.Size, wasMissed: false, cancellation))
            {
                kept++;
                seen.Add(uid);
            }
        }

        await MarkAsync(folder, box, seen, cancellation);
        return kept;
    }

    private async Task<bool> TakeAsync(
        IMailFolder folder, MailboxOptions.Mailbox box, Guid account, UniqueId uid, uint? size, bool wasMissed, CancellationToken cancellation)
    {
        var validity = (long)folder.UidValidity;
        byte[] body;
        try
        {
            body = size > box.LargestMail ? await HeadersAsync(folder, uid, size.Value, cancellation) : await WholeAsync(folder, uid, cancellation);
        }
        catch (MessageNotFoundException)
        {
            await cursors.RunAsync([StepOver(account, validity, uid, wasMissed)], cancellation);
            return false;
        }
        catch (ImapCommandException refused)
        {
            LogMissed(logger, uid.Id, box.Address, refused);
            await cursors.MissAsync(account, validity, uid.Id, StorableText.Cut(refused.Message, 500), cancellation);
            return false;
        }

        var now = time.GetUtcNow();
        var raw = InboundRaw.OfMail(body, null, null, now) with { ChannelAccountId = account };
        // A mail that is read again, as the step over it was lost in a crash, is the same row.
        await store.KeepAsync(raw, new CommandContext(raw.Id, new Actor(ActorKind.Feed, account, box.Address)), now);
        await cursors.RunAsync([StepOver(account, validity, uid, wasMissed)], cancellation);
        return true;
    }

    private static NpgsqlBatchCommand StepOver(Guid account, long validity, UniqueId uid, bool wasMissed) =>
        wasMissed ? MailboxCursors.Found(account, validity, uid.Id) : MailboxCursors.Advance(account, validity, uid.Id);

    private static async Task<byte[]> WholeAsync(IMailFolder folder, UniqueId uid, CancellationToken cancellation)
    {
        // Without marking it as seen: that comes after it is on disk.
        await using var stream = await folder.GetStreamAsync(uid, "", cancellation);
        using var body = new MemoryStream();
        await stream.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    // Somebody wrote, and is told of; what they wrote is in the mailbox.
    private static async Task<byte[]> HeadersAsync(IMailFolder folder, UniqueId uid, uint size, CancellationToken cancellation)
    {
        await using var stream = await folder.GetStreamAsync(uid, "HEADER", cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var lines = (await reader.ReadToEndAsync(cancellation)).ReplaceLineEndings("\n").Split('\n');
        var head = new StringBuilder();
        var isLeftOut = false;
        foreach (var line in lines.TakeWhile(line => line.Length > 0))
        {
            // The parts that it speaks of are not here.
            isLeftOut = char.IsWhiteSpace(line[0]) ? isLeftOut
                : line.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || line.StartsWith("MIME-Version", StringComparison.OrdinalIgnoreCase);
            if (!isLeftOut)
            {
                head.Append(line).Append("\r\n");
            }
        }

        return Encoding.Latin1.GetBytes($"{head}\r\n[This mail of {size / (1024 * 1024)} MB is too large to be fetched. It is in the mailbox.]\r\n");
    }

    private async Task MarkAsync(IMailFolder folder, MailboxOptions.Mailbox box, List<UniqueId> seen, CancellationToken cancellation)
    {
        if (!box.MarkSeen || seen.Count == 0 || folder.Access != FolderAccess.ReadWrite)
        {
            return;
        }

        try
        {
            await folder.StoreAsync(seen, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Seen) { Silent = true }, cancellation);
        }
        catch (ImapCommandException refused)
        {
            // For who looks into the mailbox only.
            LogNotMarked(logger, box.Address, refused);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Mail {Uid} of {Address} was not handed over; the next ones are read, and it is asked for again")]
    private static partial void LogMissed(ILogger logger, uint uid, string address, Exception fault);

    [LoggerMessage(LogLevel.Information, "Mails of {Address} could not be marked as seen")]
    private static partial void LogNotMarked(ILogger logger, string address, Exception fault);
}
