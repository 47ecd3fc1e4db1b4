using System.Buffers.Text;
using System.Net.Sockets;

namespace ChargeCars.Bench.Load;

/// <summary>
/// One connection that sends ready-made requests and reads the answers: an HttpClient would take more of the processors
/// than the program that it measures.
/// </summary>
internal sealed class HttpLine : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];

    public static async Task<HttpLine> OpenAsync(Uri url)
    {
        var line = new HttpLine();
        await line._socket.ConnectAsync(url.Host, url.Port);
        return line;
    }

    /// <summary>Sends one request and reads its answer; the body is valid until the next one.</summary>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> AskAsync(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += await _socket.SendAsync(request[sent..]);
        }

        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The host closed the connection.");
            }

            length += read;
            if (TryRead(_buffer.AsSpan(0, length), out var status, out var body, out var bodyLength))
            {
                return (status, _buffer.AsMemory(body, bodyLength));
            }
        }
    }

    /// <summary>The same; a request that is refused for a moment is sent again until it is taken.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refused">Called for each refusal.</param>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> AskUntilTakenAsync(ReadOnlyMemory<byte> request, Action refused)
    {
        while (true)
        {
            var answer = await AskAsync(request);
            if (answer.Status != 503)
            {
                return answer;
            }

            refused();
            await Task.Delay(Again);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool TryRead(ReadOnlySpan<byte> answer, out int status, out int body, out int bodyLength)
    {
        (status, body, bodyLength) = (0, 0, 0);
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !Utf8Parser.TryParse(answer[9..12], out status, out _))
        {
            return false;
        }

        body = end + 4;
        var head = answer[..(end + 2)];
        if (head.IndexOf("Content-Length: "u8) is >= 0 and var at)
        {
            return Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out bodyLength, out _) && answer.Length >= body + bodyLength;
        }

        // Chunked, then; JSON has no bare line ends, so the last chunk can't be mistaken.
        bodyLength = answer.Length - body;
        return answer.EndsWith("0\r\n\r\n"u8);
    }
}
