using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Cluster;

/// <summary>Hosts as processes on one database, each with a silo port that its row in the membership can be found by.</summary>
internal sealed class DrillHosts(DurableDatabase database) : IAsyncDisposable
{
    private const int MostStarts = 5;
    private const int Dead = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chargecars-drill-");
    private readonly List<HostProcess> _all = [];
    private readonly Dictionary<HostProcess, int> _siloPorts = [];

    /// <param name="roles">What it does.</param>
    /// <param name="also">Further settings.</param>
    public HostProcess Add(string roles = "silo,api", IReadOnlyDictionary<string, string>? also = null)
    {
        var siloPort = HostProcess.FreePort();
        var settings = new Dictionary<string, string>(Access.Environment.Concat(also ?? new Dictionary<string, string>()))
        {
            ["ConnectionStrings__ChargeCars"] = $"{database.ConnectionString};Application Name=host {_all.Count + 1}",
            ["ChargeCars__DataDirectory"] = Path.Combine(_folder.FullName, $"{_all.Count}"),
            ["ChargeCars__MasterKeyFile"] = Path.Combine(_folder.FullName, "master.key"),
            ["ChargeCars__Roles"] = roles,
            ["ChargeCars__Silo__Port"] = $"{siloPort}",
        };
        var host = new HostProcess(settings);
        _all.Add(host);
        _siloPorts[host] = siloPort;
        return host;
    }

    /// <summary>By which the database knows its connections.</summary>
    public string NameOf(HostProcess host) => $"host {_all.IndexOf(host) + 1}";

    public static Task<TimeSpan> StartAsync(HostProcess host) => host.StartAsync(Patience);

    /// <summary>
    /// Starts a host as a supervisor does: on a machine that is busy with other work, one that answers nobody for some seconds is voted out
    /// by the others, also while it starts, and ends.
    /// </summary>
    public static async Task<TimeSpan> StartAgainAsync(HostProcess host, DrillReport report)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartAsync(host);
                return clock.Elapsed;
            }
            catch (InvalidOperationException) when (host.HasExited && attempt < MostStarts)
            {
                report.Say("a host ended before it was ready, and is started again");
            }
        }
    }

    /// <summary>The same for those of them that ended.</summary>
    public static async Task StartEndedAsync(IEnumerable<HostProcess> hosts, DrillReport report)
    {
        foreach (var host in hosts.Where(host => host.HasExited))
        {
            await StartAgainAsync(host, report);
        }
    }

    /// <summary>Keeps what a host printed beside the drill's folder, which goes; it is wanted where the drill failed.</summary>
    public async Task KeepOutputAsync(HostProcess host, DrillReport report)
    {
        var file = $"{_folder.FullName}-{_all.IndexOf(host) + 1}.log";
        await File.WriteAllTextAsync(file, host.Output);
        report.Say($"what {NameOf(host)} printed is in {file}");
    }

    /// <summary>Waits until the others have voted it out of the membership.</summary>
    public async Task EvictedAsync(HostProcess host)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (await database.ScalarAsync<long>(
            $"SELECT count(*) FROM orleans.OrleansMembershipTable WHERE Port = $1 AND Status <> {Dead}", _siloPorts[host]) > 0)
        {
            if (clock.Elapsed > Patience)
            {
                throw new DrillException($"The host at {host.Url} was not voted out within {Patience}.");
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _all)
        {
            await host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
