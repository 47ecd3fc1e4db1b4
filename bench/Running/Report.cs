using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ChargeCars.Bench.Running;

/// <summary>The table for people.</summary>
internal sealed class Report(string[] args)
{
    private readonly List<(string Benchmark, Measurement Row)> _rows = [];
    private readonly List<(string Benchmark, string Seen)> _disk = [];

    public bool AnyFailed => _rows.Exists(row => row.Row.Result == "failed");

    public void Add(string benchmark, Measurement row) => _rows.Add((benchmark, row));

    /// <summary>What the disk was like while the benchmark ran.</summary>
    public void Disk(string benchmark, string seen) => _disk.Add((benchmark, seen));

    public static string Line(Measurement row) => string.Join(" | ", Cells(row)) + (row.Note is null ? "" : $" ({row.Note})");

    public string ToMarkdown()
    {
        var text = new StringBuilder($"""
            # Benchmarks

            Written by `dotnet run -c Release --project bench -- {string.Join(' ', args)}` on {DateTime.UtcNow:yyyy-MM-dd}; not edited.
            {Machine()}
            Load driver, host and PostgreSQL share the machine. PostgreSQL runs with fsync and full_page_writes on, on the disk except for `stalled`; the host is the
            real program, published as for the image, in a process of its own unless the row says otherwise. CPU is processor seconds of the host + PostgreSQL +
            the driver during the measurement. Every baseline was measured in the same run, just before or after its row.

            | Benchmark | Work | Result | p50 / p99 ms | Beside | Ratio | Aim | Met | CPU |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (var (benchmark, row) in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{benchmark}` | {string.Join(" | ", Cells(row))} |\n");
        }

        text.Append("\n## Notes\n\n");
        foreach (var (benchmark, row) in _rows.Where(row => row.Row.Note is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"- `{benchmark}`, {row.Work}: {row.Note}\n");
        }

        text.Append("\n## The disk meanwhile\n\nWhat is stored waits for the disk, and this one may be shared.\n\n");
        foreach (var (benchmark, seen) in _disk)
        {
            text.Append(CultureInfo.InvariantCulture, $"- `{benchmark}`: {seen}.\n");
        }

        return text.ToString();
    }

    private static string[] Cells(Measurement row) =>
    [
        row.Work, row.Result, row.Latency?.ToString() ?? "", row.Baseline ?? "",
        row.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0#}×") : "",
        row.Aim, row.Met switch { true => "yes", false => "no", null => "" }, row.Cpu?.ToString() ?? "",
    ];

    private static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        return string.Create(CultureInfo.InvariantCulture,
            $"Machine: {Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {memory:0} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.");
    }
}
