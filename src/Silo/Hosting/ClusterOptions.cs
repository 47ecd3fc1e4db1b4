using System.Net;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Hosting;

/// <summary>What this host is in the cluster; section <c>ChargeCars</c>.</summary>
/// <param name="IsSilo">Whether grains live here (<c>ChargeCars:Roles</c> has <c>silo</c>).</param>
/// <param name="IsApi">Whether it serves HTTP and the hub (<c>ChargeCars:Roles</c> has <c>api</c>).</param>
/// <param name="DataDirectory">Where the embedded database and the first administrator's file are (<c>ChargeCars:DataDirectory</c>, default <c>.data</c>).</param>
/// <param name="ConnectionString">The configured database (<c>ConnectionStrings:ChargeCars</c>); null for the embedded one.</param>
/// <param name="SiloPort">TCP port between silos (<c>ChargeCars:Silo:Port</c>); 0 for a free one.</param>
/// <param name="GatewayPort">TCP port for API-only hosts (<c>ChargeCars:Silo:GatewayPort</c>); 0 for a free one.</param>
/// <param name="AdvertisedAddress">The address at which the others reach this host (<c>ChargeCars:Silo:AdvertisedAddress</c>, default loopback).</param>
/// <param name="Tls">
/// Whether hosts prove to each other that they have the master key, and encrypt what they say (<c>ChargeCars:Silo:Tls</c>,
/// default true; the same on every host). Without it whoever reaches a host's ports may do anything.
/// </param>
internal sealed record ClusterOptions(
    bool IsSilo, bool IsApi, string DataDirectory, string? ConnectionString, int SiloPort, int GatewayPort, IPAddress AdvertisedAddress, bool Tls)
{
    /// <summary>A configured database is one that other hosts may share; without one this host is alone.</summary>
    public bool IsCluster => ConnectionString is not null;

    public static ClusterOptions From(IConfiguration configuration)
    {
        var roles = (configuration["ChargeCars:Roles"] ?? "silo,api")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (roles.Length == 0 || roles.Except(["silo", "api"]).Any())
        {
            throw new StartupException($"ChargeCars:Roles is '{configuration["ChargeCars:Roles"]}': it must be silo, api or silo,api.");
        }

        var connectionString = configuration.GetConnectionString("ChargeCars");
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            connectionString = null;
        }

        if (connectionString is null && !roles.Contains("silo"))
        {
            throw new StartupException(
                "ChargeCars:Roles is 'api' without ConnectionStrings:ChargeCars: an API-only host needs the database of the cluster that it belongs to.");
        }

        return new(
            roles.Contains("silo"),
            roles.Contains("api"),
            Path.GetFullPath(configuration["ChargeCars:DataDirectory"] is { Length: > 0 } directory ? directory : ".data"),
            connectionString,
            Port(configuration, "ChargeCars:Silo:Port"),
            Port(configuration, "ChargeCars:Silo:GatewayPort"),
            Address(configuration, "ChargeCars:Silo:AdvertisedAddress"),
            OnUnlessSaid(configuration, "ChargeCars:Silo:Tls"));
    }

    private static int Port(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => 0,
        var text when int.TryParse(text, out var port) && port is >= 0 and <= 65535 => port,
        var text => throw new StartupException($"{key} is '{text}': it must be a TCP port, 0 to 65535 (0: a free one)."),
    };

    private static bool OnUnlessSaid(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => true,
        var text when bool.TryParse(text, out var on) => on,
        var text => throw new StartupException($"{key} is '{text}': it must be true or false."),
    };

    private static IPAddress Address(IConfiguration configuration, string key)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return IPAddress.Loopback;
        }

        try
        {
            return IPAddress.TryParse(text, out var address) ? address : Dns.GetHostAddresses(text)[0];
        }
        catch (System.Net.Sockets.SocketException fault)
        {
            throw new StartupException($"{key} is '{text}': it must be an IP address or a host name that resolves. {fault.Message}", fault);
        }
    }
}
