using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace ChargeCars.Bench.Running;

/// <summary>
/// How long the disk takes for a small synced write of its own while a benchmark runs: what is stored waits as long, so a
/// reader can tell a disk that stalls from a host that is slow.
/// </summary>
internal sealed class DiskWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _milliseconds = [];
    private readonly Task _watching;

    private DiskWatch() => _watching = Task.Factory.StartNew(Watch, TaskCreationOptions.LongRunning);

    /// <summary>Watches the disk on which the benchmarks' databases are.</summary>
    public static DiskWatch Start() => new();

    /// <summary>Ends the watching and says what it saw.</summary>
    public async Task<string> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        var stalls = _milliseconds.Count(milliseconds => milliseconds > 50);
        var times = Percentiles.Of(_milliseconds);
        return string.Create(CultureInfo.InvariantCulture,
            $"a small synced write beside it took p50 {times.P50:0.0}, p99 {times.P99:0.0} ms, {stalls} of {_milliseconds.Count:N0} over 50 ms, the longest {times.Max:0} ms");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    // A thread of its own, and no timer: a sync holds up its thread, and a busy pool would be measured in the disk's place.
    private void Watch()
    {
        var block = RandomNumberGenerator.GetBytes(8192);
        using var file = File.OpenHandle(
            Path.Combine(Path.GetTempPath(), $"chargecars-bench-disk-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        while (!_stop.Token.WaitHandle.WaitOne(Interval))
        {
            var began = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, 0);
            RandomAccess.FlushToDisk(file);
            _milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
