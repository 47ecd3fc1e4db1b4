using System.Globalization;

namespace ChargeCars.Drills;

/// <summary>What a drill says: its progress, its figures and every violation by name.</summary>
internal sealed class DrillReport(string drill, TextWriter output, TimeProvider time)
{
    private const int Printed = 50;
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private int _violations;

    public void Say(string text)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{drill} {time.GetElapsedTime(_started):mm\\:ss\\.f}  {text}"));
        }
    }

    /// <summary>Something that must not be: which fix, number, change or sequence.</summary>
    public void Violation(string text)
    {
        var count = Interlocked.Increment(ref _violations);
        if (count <= Printed)
        {
            Say($"VIOLATION  {text}");
        }
    }

    /// <summary>A violation where a promise was not kept.</summary>
    public void Require(bool kept, Func<string> broken)
    {
        if (!kept)
        {
            Violation(broken());
        }
    }

    /// <summary>The 50th percentile and the largest.</summary>
    public void Times(string what, IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count > 0)
        {
            var sorted = times.Order().ToArray();
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {times.Count} times, p50 {sorted[sorted.Length / 2].TotalSeconds:0.00} s, max {sorted[^1].TotalSeconds:0.00} s"));
        }
    }

    /// <summary>The last line; true where nothing was violated.</summary>
    public bool End()
    {
        Say(_violations == 0 ? "PASSED: nothing violated" : $"FAILED: {_violations} violations{(_violations > Printed ? $", of which {Printed} are printed" : "")}");
        return _violations == 0;
    }
}
