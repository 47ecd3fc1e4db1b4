using System.Diagnostics;
using System.Globalization;

namespace ChargeCars.Bench.Running;

/// <summary>Processor time of each party, as Linux accounts it.</summary>
internal sealed class CpuMeter
{
    private const double TicksPerSecond = 100;

    private readonly int? _host;
    private readonly int? _postmaster;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly (double Host, double PostgreSql, double Driver) _before;

    /// <param name="host">The host's process; null where the work runs in this one.</param>
    /// <param name="postmaster">PostgreSQL's first process; null where none takes part.</param>
    public CpuMeter(int? host, int? postmaster)
    {
        (_host, _postmaster) = (host, postmaster);
        _before = Read();
    }

    public CpuUse Stop()
    {
        var seconds = _clock.Elapsed.TotalSeconds;
        var now = Read();
        return new(seconds, now.Host - _before.Host, now.PostgreSql - _before.PostgreSql, now.Driver - _before.Driver);
    }

    /// <summary>Processor seconds of a process since its start: beside others on the same cores they say more than the clock.</summary>
    public static double SecondsOf(int process) => Of(process, withEnded: false);

    /// <summary>Resident memory, megabytes (10⁶ bytes).</summary>
    public static double ResidentMegabytes(int process) => Megabytes(process, "VmRSS:");

    /// <summary>The most that it ever was.</summary>
    public static double MostResidentMegabytes(int process) => Megabytes(process, "VmHWM:");

    private static double Megabytes(int process, string field) => double.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024 / 1e6;

    private (double Host, double PostgreSql, double Driver) Read()
    {
        // With its ended children: pgbench's too.
        var self = Of(Environment.ProcessId, withEnded: true);
        return (
            _host is { } host ? Of(host, withEnded: false) : self,
            _postmaster is { } postmaster ? Of(postmaster, withEnded: true) + ChildrenOf(postmaster).Sum(child => Of(child, withEnded: false)) : 0,
            _host is null ? 0 : self);
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where char.IsAsciiDigit(name[0])
        let process = int.Parse(name, CultureInfo.InvariantCulture)
        where Fields(process) is { } fields && fields[1] == parent.ToString(CultureInfo.InvariantCulture)
        select process;

    private static double Of(int process, bool withEnded)
    {
        if (Fields(process) is not { } fields)
        {
            return 0;
        }

        // After the name: state, parent, …; utime, stime, cutime and cstime are the 12th to the 15th.
        return fields[11..(withEnded ? 15 : 13)].Sum(text => double.Parse(text, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static string[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
        }
    }
}
