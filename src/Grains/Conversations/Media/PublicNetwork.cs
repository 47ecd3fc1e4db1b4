using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace ChargeCars.Conversations.Media;

/// <summary>Connects to addresses that anybody may have named: to the public network only, never to what stands beside us.</summary>
internal static class PublicNetwork
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3",
            "::/127", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether an address is of the public network.</summary>
    public static bool Has(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Private, network => network.Contains(plain));
    }

    /// <summary>Connects; refused where the name leads to none that is public.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="mayBeLoopback">Whether this machine is meant too: for a stand-in.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HttpRequestException">It leads into a private network.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool mayBeLoopback, CancellationToken cancellation)
    {
        var named = await Dns.GetHostAddressesAsync(to.Host, cancellation);
        IPAddress[] open = [.. named.Where(address => Has(address) || (mayBeLoopback && IPAddress.IsLoopback(address)))];
        if (open.Length == 0)
        {
            throw new HttpRequestException($"{to.Host} is no address of the public network.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
