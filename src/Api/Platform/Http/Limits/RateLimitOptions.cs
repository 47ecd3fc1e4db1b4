using System.Net;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Http.Limits;

/// <summary>One quota: so many requests at once, and so many a second on.</summary>
public sealed class Quota
{
    /// <summary>Requests a second.</summary>
    public int PerSecond { get; set; }

    /// <summary>Requests at once, after a rest.</summary>
    public int Burst { get; set; }
}

/// <summary>How much one caller may ask; section <c>ChargeCars:RateLimits</c>. A caller is a person, a key, or else an address.</summary>
public sealed class RateLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ChargeCars:RateLimits";

    /// <summary>The addresses and networks (CIDR) of proxies whose X-Forwarded-For is believed, comma-separated; none by default.</summary>
    public const string KnownProxiesKey = "ChargeCars:KnownProxies";

    /// <summary>Logins, refreshes and links, an address: default 2 a second, 60 at once, as an office shares one.</summary>
    public Quota Login { get; set; } = new() { PerSecond = 2, Burst = 60 };

    /// <summary>Telemetry, a key: default 30,000 a second, 60,000 at once; the admission's queue bounds the work itself.</summary>
    public Quota Telemetry { get; set; } = new() { PerSecond = 30_000, Burst = 60_000 };

    /// <summary>Everything else, a program: default 20,000 a second and at once.</summary>
    public Quota Program { get; set; } = new() { PerSecond = 20_000, Burst = 20_000 };

    /// <summary>Everything else, a person: default 1,000 a second, 2,000 at once.</summary>
    public Quota Person { get; set; } = new() { PerSecond = 1_000, Burst = 2_000 };

    /// <summary>Everything else without credentials, an address: default 50 a second, 500 at once.</summary>
    public Quota Stranger { get; set; } = new() { PerSecond = 50, Burst = 500 };

    /// <summary>Customers' links, an address: default 5 a second, 100 at once, as a mobile network shares one. With or without credentials.</summary>
    public Quota Link { get; set; } = new() { PerSecond = 5, Burst = 100 };

    /// <summary>
    /// Credentials that are not taken, a network: default 10 a second, 200 at once. Beyond it credentials from there are answered 429 and
    /// not looked up, but for those that this host has seen to be good.
    /// </summary>
    public Quota FailedCredentials { get; set; } = new() { PerSecond = 10, Burst = 200 };

    internal sealed class Validator : IValidateOptions<RateLimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
        {
            var faults = new (string Name, Quota Quota)[]
            {
                (nameof(Login), options.Login), (nameof(Telemetry), options.Telemetry), (nameof(Program), options.Program),
                (nameof(Person), options.Person), (nameof(Stranger), options.Stranger), (nameof(Link), options.Link),
                (nameof(FailedCredentials), options.FailedCredentials),
            }.Where(pair => pair.Quota.PerSecond < 1 || pair.Quota.Burst < 1)
                .Select(pair => $"{Section}:{pair.Name}: PerSecond and Burst must be at least 1.").ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }

    /// <summary>Reads the known proxies; null where one is neither an address nor a network.</summary>
    internal static List<IPNetwork>? ReadProxies(string? text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return null;
            }
        }

        return networks;
    }
}
