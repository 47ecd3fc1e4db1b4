using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChargeCars.Tests.Conversations.Sending;

/// <summary>How a mail server fails.</summary>
public enum SmtpFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It takes the connection and ends it.</summary>
    AtGreeting,

    /// <summary>It ends the connection before it has answered to a recipient.</summary>
    AtRecipient,

    /// <summary>It takes the whole mail and ends the connection without an answer.</summary>
    AfterContent,

    /// <summary>550 to the recipient.</summary>
    RecipientRefused,

    /// <summary>451 to the content.</summary>
    ContentRefusedForNow,

    /// <summary>554 to the content.</summary>
    ContentRefused,

    /// <summary>535 to the password.</summary>
    PasswordRefused,

    /// <summary>553 to a sender that is not the account's own address.</summary>
    SenderRefused,
}

/// <summary>A mail server that fails as it is told to, on this machine.</summary>
internal sealed class StandInSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public StandInSmtp(SmtpFault fault)
    {
        Fault = fault;
        _listener.Start();
        _serving = ServeAsync();
    }

    public SmtpFault Fault { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The mails whose content it has read.</summary>
    public ConcurrentQueue<string> Read { get; } = new();

    /// <summary>The envelope senders that it was told, also those that it refused.</summary>
    public ConcurrentQueue<string> Senders { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        if (Fault == SmtpFault.AtGreeting)
        {
            return;
        }

        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await SayAsync("220 stand-in ESMTP");
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO":
                        await SayAsync("250-stand-in\r\n250-8BITMIME\r\n250 AUTH PLAIN");
                        break;
                    case "AUTH":
                        await SayAsync(Fault == SmtpFault.PasswordRefused ? "535 5.7.8 Wrong" : "235 2.7.0 Welcome");
                        break;
                    case "MAIL":
                        Senders.Enqueue(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                        await SayAsync(Fault == SmtpFault.SenderRefused && line.Contains('+', StringComparison.Ordinal) ? "553 5.7.1 Not yours" : "250 2.1.0 Ok");
                        break;
                    case "RCPT" when Fault == SmtpFault.AtRecipient:
                        return;
                    case "RCPT":
                        await SayAsync(Fault == SmtpFault.RecipientRefused ? "550 5.1.1 No such user" : "250 2.1.5 Ok");
                        break;
                    case "DATA":
                        await SayAsync("354 Go on");
                        var content = new StringBuilder();
                        while (await reader.ReadLineAsync(_end.Token) is { } part && part != ".")
                        {
                            content.Append(part).Append("\r\n");
                        }

                        Read.Enqueue(content.ToString());
                        if (Fault == SmtpFault.AfterContent)
                        {
                            return;
                        }

                        await SayAsync(Fault switch
                        {
                            SmtpFault.ContentRefusedForNow => "451 4.3.0 Try again later",
                            SmtpFault.ContentRefused => "554 5.7.1 Spam",
                            _ => "250 2.0.0 Ok: queued as 4ZABCDEF",
                        });
                        break;
                    case "QUIT":
                        await SayAsync("221 Bye");
                        return;
                    default:
                        await SayAsync("250 2.0.0 Ok");
                        break;
                }
            }
        }
        catch (IOException)
        {
            // The client is gone.
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text + "\r\n"), _end.Token);
    }
}
