using System.Net.WebSockets;
using System.Text;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Live;

/// <summary>A dispatch screen's connection, spoken by hand: one that decoded everything would be the bottleneck of the bench.</summary>
internal sealed class Screen : IDisposable
{
    private const byte Separator = 0x1E;

    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer;
    private int _length;
    private int _taken;

    private Screen(string key, int buffer)
    {
        _buffer = new byte[buffer];
        _socket.Options.SetRequestHeader("X-Api-Key", key);
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
    }

    public bool IsOpen => _socket.State == WebSocketState.Open;

    public long Bytes { get; private set; }

    public static async Task<Screen> OpenAsync(BenchHost host, int buffer = 64 * 1024, HttpMessageInvoker? through = null)
    {
        var screen = new Screen(host.Key, buffer);
        await screen._socket.ConnectAsync(new Uri($"ws://{host.Url.Authority}/hubs/dispatch"), through, CancellationToken.None);
        await screen.SendAsync("""{"protocol":"json","version":1}""");
        await screen.NextAsync();
        return screen;
    }

    /// <summary>Calls <c>Watch</c> and returns its answer as JSON.</summary>
    public async Task<string> WatchAsync(string request)
    {
        await SendAsync($$"""{"type":1,"invocationId":"1","target":"Watch","arguments":[{{request}}]}""");
        while (await NextAsync() is { } message)
        {
            if (message.Span.StartsWith("{\"type\":3"u8))
            {
                var text = Encoding.UTF8.GetString(message.Span);
                return text.Contains("\"error\"", StringComparison.Ordinal) ? throw new InvalidOperationException(text) : text;
            }
        }

        throw new IOException("The hub closed the connection.");
    }

    /// <summary>Calls <c>Watch</c> and reads past its answer, of which it keeps nothing; returns the answer's bytes.</summary>
    public async Task<long> SkipAnswerAsync(string request)
    {
        await SendAsync($$"""{"type":1,"invocationId":"1","target":"Watch","arguments":[{{request}}]}""");
        var (bytes, isAnswer) = (0L, false);
        while (await ReceiveAsync(_buffer) is { } count)
        {
            // A frame begins with a message; the answer is in many.
            isAnswer |= bytes == 0 && _buffer.AsSpan(0, count).StartsWith("{\"type\":3"u8);
            bytes += count;
            if (_buffer[count - 1] == Separator)
            {
                if (isAnswer)
                {
                    return bytes;
                }

                bytes = 0;
            }
        }

        throw new IOException("The hub closed the connection.");
    }

    /// <summary>The next message, valid until the one after; null when the hub has closed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_taken, _length - _taken).IndexOf(Separator);
            if (end >= 0)
            {
                var message = _buffer.AsMemory(_taken, end);
                _taken += end + 1;
                return message;
            }

            _buffer.AsSpan(_taken, _length - _taken).CopyTo(_buffer);
            (_length, _taken) = (_length - _taken, 0);
            if (_length == _buffer.Length)
            {
                // A snapshot of the whole fleet is one message.
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            if (await ReceiveAsync(_buffer.AsMemory(_length)) is not { } count)
            {
                return null;
            }

            _length += count;
        }
    }

    /// <summary>Reads until the hub closes, and looks at nothing.</summary>
    public async Task DiscardAsync()
    {
        var lastPing = Environment.TickCount64;
        while (await ReceiveAsync(_buffer) is not null)
        {
            if (Environment.TickCount64 - lastPing > 10_000)
            {
                await PingAsync();
                lastPing = Environment.TickCount64;
            }
        }
    }

    /// <summary>Says that it is alive, as the protocol asks every 15 seconds.</summary>
    public Task PingAsync() => SendAsync("""{"type":6}""");

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int?> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            Bytes += received.Count;
            return received.MessageType == WebSocketMessageType.Close ? null : received.Count;
        }
        catch (Exception fault) when (fault is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            return null;
        }
    }

    private Task SendAsync(string message) => _socket.SendAsync(
        Encoding.UTF8.GetBytes($"{message}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
}
