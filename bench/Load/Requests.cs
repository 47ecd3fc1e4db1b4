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

    public static byte[] Patch(BenchHost host, string path, long version, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(
            $"PATCH {path} HTTP/1.1\r\nHost: {host.Url.Authority}\r\nX-Api-Key: {host.Key}\r\nIf-Match: \"{version}\"\r\nContent-Type: application/merge-patch+json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    /// <param name="host">Who is asked.</param>
    /// <param name="path">What for.</param>
    /// <param name="header">One line: the credentials.</param>
    public static byte[] Get(BenchHost host, string path, string header) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host.Url.Authority}\r\n{header}\r\n\r\n");

    public static Exception Unexpected(int status, ReadOnlyMemory<byte> body) =>
        new InvalidOperationException($"The host answered {status}: {Encoding.UTF8.GetString(body.Span)}");
}
