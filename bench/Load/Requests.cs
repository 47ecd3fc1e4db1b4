using System.Text;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Load;

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    public static byte[] Post(BenchHost host, string path, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {host.Url.Authority}\r\nX-Api-Key: {host.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    public static Exception Unexpected(int status, ReadOnlyMemory<byte> body) =>
        new InvalidOperationException($"The host answered {status}: {Encoding.UTF8.GetString(body.Span)}");
}
