using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity;

/// <summary>Where a request comes from, as audit rows and sessions keep it.</summary>
internal static class RequestOrigin
{
    private const int LongestAgent = 300;

    public static string? Address(HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;

    /// <summary>Whose quota a request without a caller is on.</summary>
    public static string Network(HttpContext http) => NetworkOf(http.Connection.RemoteIpAddress);

    /// <summary>An IPv4 address, or the 64 bits of an IPv6 address that stand for one client: it can choose the others anew for each request.</summary>
    public static string NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString() ?? "";
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>Without what a terminal or PostgreSQL would stumble over.</summary>
    public static string? Agent(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return agent.Length == 0 ? null : StorableText.Cut(string.Concat(agent.Where(character => !char.IsControl(character))), LongestAgent);
    }

    /// <summary>The context of a command that a request without an Idempotency-Key gives.</summary>
    public static CommandContext Context(HttpContext http, Actor actor, TimeProvider time) => new(
        Guid.CreateVersion7(time.GetUtcNow()), actor, IpAddress: Address(http), UserAgent: Agent(http));

    /// <inheritdoc cref="Context(HttpContext, Actor, TimeProvider)"/>
    public static CommandContext Context(HttpContext http, TimeProvider time) => Context(http, Caller.Of(http).Actor, time);
}
