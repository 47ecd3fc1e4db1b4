using System.Diagnostics;
using System.Text.Json;

namespace ChargeCars.Bench.Running;

/// <summary>
/// <c>&lt;name&gt;|all [--quick] [--minutes N] [--fixes MILLIONS] [--write FILE]</c>. Each benchmark runs in a process of its
/// own, so that none inherits another's memory, compiled code or sockets.
/// </summary>
internal static class BenchCommand
{
    private const string ResultOption = "--result";

    public static async Task<int> RunAsync(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine($"""
                usage: <name>|all [--quick] [--minutes N] [--fixes MILLIONS] [--write FILE]
                  --quick     short measurements, to see that all of them work
                  --minutes   how long memory is measured at full rate (default 5)
                  --fixes     the largest history that a vehicle-day is read from, in millions (default 10)
                  --write     writes the table to FILE
                names: {string.Join(", ", Benchmarks.All.Select(benchmark => benchmark.Name))}
                """);
            return 2;
        }

        if (options.ResultFile is { } file)
        {
            var rows = await Benchmarks.Find(options.Name)!.RunAsync(new BenchRun(options));
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, Json));
            return 0;
        }

        using var program = await ShippedProgram.PublishAsync();
        var report = new Report(args);
        foreach (var benchmark in Benchmarks.All.Where(benchmark => options.Name == "all" || benchmark.Name == options.Name))
        {
            Console.WriteLine($"# {benchmark.Name}");
            await using var disk = DiskWatch.Start();
            foreach (var row in await RunApartAsync(benchmark.Name, args))
            {
                report.Add(benchmark.Name, row);
                Console.WriteLine(Report.Line(row));
            }

            var seen = await disk.StopAsync();
            report.Disk(benchmark.Name, seen);
            Console.WriteLine($"Disk: {seen}.");

            if (options.Write is { } written)
            {
                // After each, so that a run that is cut short leaves what it has.
                await File.WriteAllTextAsync(written, report.ToMarkdown());
            }
        }

        return report.AnyFailed ? 1 : 0;
    }

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static async Task<IReadOnlyList<Measurement>> RunApartAsync(string name, string[] args)
    {
        var result = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", ["exec", typeof(BenchCommand).Assembly.Location, name, .. args.Skip(1), ResultOption, result]);
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<Measurement[]>(await File.ReadAllTextAsync(result), Json)!
                : [new() { Work = name, Result = "failed", Met = false, Note = "The benchmark itself failed; see its output." }];
        }
        finally
        {
            File.Delete(result);
        }
    }

    /// <summary>What the command line says.</summary>
    internal sealed record Options(string Name, bool Quick, int Minutes, int Fixes, string? Write, string? ResultFile)
    {
        public static Options? Parse(string[] args)
        {
            if (args is not [var name, ..] || (name != "all" && Benchmarks.Find(name) is null))
            {
                return null;
            }

            var options = new Options(name, false, 5, 10, null, null);
            for (var i = 1; i < args.Length; i++)
            {
                var value = i + 1 < args.Length ? args[i + 1] : null;
                switch (args[i])
                {
                    case "--quick":
                        options = options with { Quick = true };
                        continue;
                    case "--minutes" when int.TryParse(value, out var minutes) && minutes > 0:
                        options = options with { Minutes = minutes };
                        break;
                    case "--fixes" when int.TryParse(value, out var fixes) && fixes > 0:
                        options = options with { Fixes = fixes };
                        break;
                    case "--write" when value is not null:
                        options = options with { Write = value };
                        break;
                    case ResultOption when value is not null:
                        options = options with { ResultFile = value };
                        break;
                    default:
                        return null;
                }

                i++;
            }

            return options;
        }
    }
}

/// <summary>How long a benchmark may take.</summary>
internal sealed class BenchRun(BenchCommand.Options options)
{
    public bool Quick => options.Quick;

    /// <summary>How long a rate is measured.</summary>
    public TimeSpan Measured => TimeSpan.FromSeconds(Quick ? 4 : 15);

    /// <summary>How long the program runs before it is measured: the compiler's second pass, full pools.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 4 : 10);

    /// <summary>How long memory is measured at full rate.</summary>
    public TimeSpan Sustained => Quick ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(options.Minutes);

    /// <summary>The largest history.</summary>
    public long LargestHistory => Quick ? 1_000_000 : options.Fixes * 1_000_000L;
}
