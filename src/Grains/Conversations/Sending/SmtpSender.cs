using System.Net.Sockets;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace ChargeCars.Conversations.Sending;

/// <summary>
/// Hands mail to the configured server, each over a connection of its own. What the server refused, and whatever broke before it knew a
/// recipient, certainly did not leave; after that only its answer tells.
/// </summary>
internal sealed class SmtpSender(IOptions<SendingOptions> options, ReplyKey key, TimeProvider time) : IMessageSender
{
    public ChannelType Channel => ChannelType.Email;

    public async Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        using var mail = OutgoingMail.Of(message, key.Bytes, time.GetUtcNow());
        // Some services replace the id; then this one alone finds the thread.
        mail.References.Add(mail.MessageId!);
        using var submission = new Submission { Timeout = (int)options.Value.SendTimeout.TotalMilliseconds };
        try
        {
            await ConnectAsync(submission, cancellation);
            var answer = await SubmitAsync(submission, message, mail, cancellation);
            await submission.DisconnectAsync(quit: true, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Taken(IdIn(answer));
        }
        catch (SmtpCommandException refused)
        {
            return new Refused(
                $"{(int)refused.StatusCode}", refused.Message, (int)refused.StatusCode switch
                {
                    530 or 534 or 535 or 538 => DeliveryFate.ChannelBroken,
                    >= 500 => DeliveryFate.Final,
                    _ => DeliveryFate.Again,
                });
        }
        catch (AuthenticationException refused)
        {
            return new Refused("auth", refused.Message, DeliveryFate.ChannelBroken);
        }
        catch (SslHandshakeException refused)
        {
            return new Refused("tls", refused.Message, DeliveryFate.ChannelBroken);
        }
        catch (Exception fault) when (!submission.KnowsARecipient
            && fault is IOException or SocketException or ProtocolException or TimeoutException or OperationCanceledException or NotSupportedException)
        {
            return new Refused("unreachable", fault.Message, DeliveryFate.Again);
        }
    }

    private async Task ConnectAsync(Submission submission, CancellationToken cancellation)
    {
        var server = options.Value;
        await submission.ConnectAsync(
            server.SmtpHost!, server.SmtpPort,
            server.SmtpSecurity switch
            {
                "tls" => SecureSocketOptions.SslOnConnect,
                "none" => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            },
            cancellation);
        if (server.SmtpUserName is { Length: > 0 } user)
        {
            await submission.AuthenticateAsync(user, server.SmtpPassword!, cancellation);
        }
    }

    private async Task<string> SubmitAsync(Submission submission, OutgoingMessage message, MimeMessage mail, CancellationToken cancellation)
    {
        var plain = mail.From.Mailboxes.First();
        var bounces = BouncesTo(message.Message, plain.Address);
        try
        {
            return await submission.SendAsync(mail, new MailboxAddress("", bounces), Recipients(mail), cancellation);
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.SenderNotAccepted && bounces.Length > 0 && bounces != plain.Address)
        {
            // Some servers let an account send from its own address alone. Nothing has left: no recipient was named.
            return await submission.SendAsync(mail, plain, Recipients(mail), cancellation);
        }
    }

    // Nobody answers to what a machine sent. A bounce of another mail comes to an address that names it, whatever of it the bounce returns.
    private string BouncesTo(CommunicationMessage message, string address) => message.Nature == MessageNature.Automatic ? ""
        : ReplyAddress.ForMessage(address, message.Id, key.Bytes) is var named && ReplyAddress.IsAllowed(named) ? named
        : address;

    private static List<MailboxAddress> Recipients(MimeMessage mail) => [.. mail.To.Mailboxes, .. mail.Cc.Mailboxes, .. mail.Bcc.Mailboxes];

    // "2.0.0 Ok: queued as 4Z1" and "Ok 0102018f": the last word, where it says so.
    private static string? IdIn(string? answer) =>
        answer?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 1 } words
            && Array.Exists(words, word => word.TrimEnd(':').Equals("ok", StringComparison.OrdinalIgnoreCase))
            && words[^1].Trim('<', '>') is { Length: >= 6 and <= 500 } id && !id.EndsWith("ok", StringComparison.OrdinalIgnoreCase)
                ? id
                : null;

    /// <summary>Knows how far a mail came.</summary>
    private sealed class Submission : SmtpClient
    {
        /// <summary>Whether the content may have followed.</summary>
        public bool KnowsARecipient { get; private set; }

        protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => KnowsARecipient = true;
    }
}
