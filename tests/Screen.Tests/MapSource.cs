using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChargeCars.Screen.Tests;

/// <summary>A stand-in for whoever serves map tiles or a style: answers every address with one body, and keeps what was asked for.</summary>
internal sealed class MapSource : IAsyncDisposable
{
    /// <summary>A PNG of one pixel.</summary>
    public static readonly byte[] Tile = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    /// <summary>A PNG of white, as the ground of most maps is.</summary>
    public static readonly byte[] White = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC");

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _asked = [];
    private readonly Task _answering;

    public MapSource(byte[] body, string type)
    {
        Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _answering = AnswerAsync(body, type);
    }

    public Uri Url { get; }

    public IReadOnlyCollection<string> Asked => _asked;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync(byte[] body, string type)
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _asked.Enqueue(context.Request.Url!.AbsolutePath);
                context.Response.ContentType = type;
                context.Response.AddHeader("Access-Control-Allow-Origin", "*");
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
