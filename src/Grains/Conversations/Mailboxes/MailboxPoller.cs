using System.Net.Sockets;
using ChargeCars.Platform.Storage;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Conversations.Mailboxes;

/// <summary>
/// Reads mailboxes by IMAP, each at its interval. Of all hosts one reads a mailbox at a time: it holds a lock of the database's, which
/// ends with its connection. A server that can't be reached is left alone for longer and longer, up to half an hour; other mailboxes are read.
/// </summary>
internal sealed partial class MailboxPoller(
    MailboxCursors cursors, MailboxReader reader, MailboxTokens tokens, NpgsqlDataSource source, IOptions<MailboxOptions> options, TimeProvider time,
    ILogger<MailboxPoller> logger)
    : BackgroundService
{
    private const string TakeLock = "SELECT pg_try_advisory_lock(hashtextextended('mailbox/' || $1::text, 0))";
    private const string LeaveLock = "SELECT pg_advisory_unlock(hashtextextended('mailbox/' || $1::text, 0))";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>Reads a mailbox if it is due and no other host is at it; answers how many mails were kept, null where it was not read.</summary>
    public async Task<int?> PollAsync(MailboxOptions.Mailbox box, CancellationToken cancellation)
    {
        if (await cursors.AccountAsync(box.Address, cancellation) is not { } account)
        {
            return null;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using (var take = new NpgsqlCommand(TakeLock, connection) { Parameters = { Sql.Uuid(account) } })
        {
            if (await take.ExecuteScalarAsync(cancellation) is not true)
            {
                return null;
            }
        }

        try
        {
            var cursor = await cursors.ReadAsync(account, cancellation);
            return cursor.NextAt > time.GetUtcNow() ? null : await ReadAsync(box, cursor, cancellation);
        }
        finally
        {
            await using var leave = new NpgsqlCommand(LeaveLock, connection) { Parameters = { Sql.Uuid(account) } };
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                await leave.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(options.Value.Mailboxes.Select(box => WatchAsync(box, stoppingToken)));

    private async Task WatchAsync(MailboxOptions.Mailbox box, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await PollAsync(box, cancellation);
                await Task.Delay(box.Interval < Look ? box.Interval : Look, time, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogNotLooked(logger, box.Address, fault);
                await Task.Delay(Look, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int?> ReadAsync(MailboxOptions.Mailbox box, MailboxCursor cursor, CancellationToken cancellation)
    {
        try
        {
            using var client = new ImapClient { Timeout = (int)box.Timeout.TotalMilliseconds };
            await client.ConnectAsync(box.Host, box.Port, Security(box), cancellation);
            await SignInAsync(client, box, cancellation);
            var folder = string.IsNullOrWhiteSpace(box.Folder) ? client.Inbox! : await client.GetFolderAsync(box.Folder, cancellation);
            await folder.OpenAsync(box.MarkSeen ? FolderAccess.ReadWrite : FolderAccess.ReadOnly, cancellation);
            var kept = await reader.ReadAsync(folder, box, cursor, cancellation);
            await cursors.EndAsync(cursor.AccountId, time.GetUtcNow() + box.Interval, 0, null, cancellation);
            await client.DisconnectAsync(true, cancellation);
            return kept;
        }
        catch (Exception fault) when (IsTheirs(fault) && !cancellation.IsCancellationRequested)
        {
            LogNotRead(logger, box.Address, cursor.Failures + 1, fault);
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, box.Interval.TotalSeconds * Math.Pow(2, Math.Min(cursor.Failures, 12))));
            await cursors.EndAsync(cursor.AccountId, time.GetUtcNow() + wait, cursor.Failures + 1, StorableText.Cut(fault.Message, 500), cancellation);
            return null;
        }
    }

    private async Task SignInAsync(ImapClient client, MailboxOptions.Mailbox box, CancellationToken cancellation)
    {
        if (box.HasToken)
        {
            await client.AuthenticateAsync(new SaslMechanismOAuth2(box.Account, await tokens.GetAsync(box, cancellation)), cancellation);
        }
        else
        {
            await client.AuthenticateAsync(box.Account, box.Password!, cancellation);
        }
    }

    // The server's, the network's or the password's; ours, such as a database that does not answer, are no reason to leave the server alone.
    private static bool IsTheirs(Exception fault) =>
        fault is ProtocolException or CommandException or AuthenticationException or TimeoutException or SaslException or SslHandshakeException
            or FolderNotFoundException or ServiceNotConnectedException or ServiceNotAuthenticatedException or IOException or SocketException
            or HttpRequestException or OperationCanceledException or NotSupportedException;

    private static SecureSocketOptions Security(MailboxOptions.Mailbox box) => box.Security switch
    {
        "none" => SecureSocketOptions.None,
        "starttls" => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.SslOnConnect,
    };

    [LoggerMessage(LogLevel.Warning, "The mailbox {Address} could not be read, {Failures} times in a row")]
    private static partial void LogNotRead(ILogger logger, string address, int failures, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Nobody could look whether the mailbox {Address} is to be read")]
    private static partial void LogNotLooked(ILogger logger, string address, Exception fault);
}
