using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Hosting;

/// <summary>A reverse proxy as they are: sends a request on from an address of its own, and puts whom it came from behind what X-Forwarded-For says already.</summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private static readonly string[] Passed = ["User-Agent", "X-Forwarded-Proto"];
    private readonly WebApplication _app;
    private readonly HttpClient _onward;

    private Forwarder(WebApplication app, HttpClient onward) => (_app, _onward) = (app, onward);

    public Uri Url => new(_app.Urls.Single());

    public static async Task<Forwarder> StartAsync(Uri target, IPAddress own)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var onward = ClientAt(own, target);
        app.Run(http => SendOnAsync(http, onward));
        await app.StartAsync();
        return new(app, onward);
    }

    /// <summary>A client whose connections come from an address of its own; all of 127.0.0.0/8 is this machine.</summary>
    public static HttpClient ClientAt(IPAddress own, Uri server) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(own, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = server,
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _onward.Dispose();
    }

    private static async Task SendOnAsync(HttpContext http, HttpClient onward)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}")
        {
            Content = new StreamContent(http.Request.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        foreach (var name in Passed.Where(http.Request.Headers.ContainsKey))
        {
            request.Headers.TryAddWithoutValidation(name, http.Request.Headers[name].ToString());
        }

        var before = http.Request.Headers["X-Forwarded-For"].ToString();
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"{(before.Length > 0 ? before + ", " : "")}{http.Connection.RemoteIpAddress!.MapToIPv4()}");
        using var answer = await onward.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
