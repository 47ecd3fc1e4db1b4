using System.Net;
using System.Net.Sockets;

namespace ChargeCars.Silo.Database;

/// <summary>Chooses where the private server listens.</summary>
internal static class ServerAddress
{
    /// <summary>The kernel's limit for a socket's path, on the strictest system (macOS has 104 with the closing zero).</summary>
    private const int LongestSocketPath = 103;

    /// <summary>What was used last if it is still free, so that a note of it stays good.</summary>
    public static ConnectionFile Choose(ClusterHome home, ConnectionFile? last, string password)
    {
        var port = last is not null && IsFree(last.Port) ? last.Port : FreePort();
        if (OperatingSystem.IsWindows())
            return new ConnectionFile("127.0.0.1", port, password);
        if (home.Socket.Length + "/.s.PGSQL.65535.lock".Length <= LongestSocketPath && !home.Socket.Contains('\''))
            return new ConnectionFile(home.Socket, port, password);
        // Too deep for a socket. A folder in the temporary one is short, and private from its first moment.
        var recorded = last is { IsSocket: true } && Directory.Exists(last.Host) ? last.Host : null;
        return new ConnectionFile(recorded ?? Directory.CreateTempSubdirectory("chargecars-").FullName, port, password);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
