using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChargeCars.Drills.Calls;

/// <summary>A mail server on this machine, which outlives the hosts that are killed.</summary>
internal sealed class StandInMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ProviderBook _book;
    private readonly Task _serving;

    public StandInMailServer(ProviderBook book)
    {
        _book = book;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

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
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = TalkAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The drill is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                await SayAsync(stream, "220 stand-in ESMTP");
                while (await reader.ReadLineAsync(_end.Token) is { } line)
                {
                    switch (line.Split(' ', ':')[0].ToUpperInvariant())
                    {
                        case "EHLO":
                            await SayAsync(stream, "250-stand-in\r\n250 8BITMIME");
                            break;
                        case "DATA":
                            await SayAsync(stream, "354 Go on");
                            var turn = await _book.TakeAsync(await NameAsync(reader));
                            if (turn == ProviderTurn.TakesInSilence)
                            {
                                return;
                            }

                            await SayAsync(stream, turn switch
                            {
                                ProviderTurn.RefusesForNow => "451 4.3.0 Try again later",
                                ProviderTurn.Refuses => "554 5.7.1 No",
                                _ => "250 2.0.0 Ok",
                            });
                            break;
                        case "QUIT":
                            await SayAsync(stream, "221 Bye");
                            return;
                        default:
                            await SayAsync(stream, "250 2.0.0 Ok");
                            break;
                    }
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException)
        {
            // The host is dead, or the drill is over.
        }
    }

    private async Task<string> NameAsync(StreamReader reader)
    {
        var name = "";
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
        {
            name = line.StartsWith("Bericht ", StringComparison.Ordinal) ? line.Trim() : name;
        }

        return name;
    }

    private async Task SayAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _end.Token);
}
