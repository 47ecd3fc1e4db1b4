using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChargeCars.Drills.Screen;

/// <summary>A line to a host that can be cut: every connection through it is reset, in the middle of whatever it carries.</summary>
internal sealed class CuttableProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Uri _host;

    public CuttableProxy(Uri host)
    {
        _host = host;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Resets all connections; answers how many there were. New ones are taken.</summary>
    public int Cut()
    {
        var cut = _open.Keys.ToList();
        foreach (var client in cut)
        {
            // Closed with nothing lingering, a socket sends RST.
            client.LingerState = new(true, 0);
            client.Close();
        }

        return cut.Count;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var host = new TcpClient();
        _open[client] = 0;
        try
        {
            await host.ConnectAsync(_host.Host, _host.Port);
            (client.NoDelay, host.NoDelay) = (true, true);
            var (near, far) = (client.GetStream(), host.GetStream());
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or one side is gone.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
        }
    }
}
