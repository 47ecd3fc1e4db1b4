using System.CommandLine;
using System.Globalization;
using ChargeCars.Drills.Support;
using ChargeCars.Silo.Database;
using ChargeCars.Testing;
using ChargeCars.Testing.Fuzz;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Drills.Fuzz;

/// <summary>Tens of thousands of mutated requests over every route of the API's description, to a host of the drill's own.</summary>
internal static class FuzzDrill
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Option<int> Requests = new("--requests") { Description = "How many requests.", DefaultValueFactory = _ => 20_000 };

    private static readonly Option<int?> Seed = new("--seed") { Description = "Decides the requests; another one each time where it is left out." };

    private static readonly Option<double> Within = new("--within")
    {
        Description = "Seconds within which every answer must begin.", DefaultValueFactory = _ => 1,
    };

    public static Drill Drill { get; } = new(
        "fuzz", "Mutated requests over every route: no 5xx, nothing stored by a refused one, every refusal a problem document, no answer over a second.",
        [Requests, Seed, Within], RunAsync);

    private static async Task RunAsync(System.CommandLine.ParseResult options, DrillReport report, CancellationToken stop)
    {
        var seed = options.GetValue(Seed) ?? System.Environment.TickCount;
        var count = options.GetValue(Requests);
        report.Say($"{count} requests, --seed {seed}");
        var folder = Directory.CreateTempSubdirectory("chargecars-drill-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The temporary folder is its owner's alone, and a root run's server is another account.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        await using var host = new HostProcess(new Dictionary<string, string>(Environment(folder)));
        try
        {
            await host.StartAsync(Patience);
            await using var database = NpgsqlDataSource.Create(ConnectionFile.Read(folder)!.ConnectionString);
            using var run = new FuzzRun(host.Url, Access.Email, Access.Password, database, new(seed, count, TimeSpan.FromSeconds(options.GetValue(Within))));
            try
            {
                await run.RunAsync(sent => report.Say($"{sent} sent"), stop);
            }
            finally
            {
                Tell(run.Outcome, report);
            }

            report.Must(!host.Output.Contains("fail:", StringComparison.Ordinal) && !host.Output.Contains("crit:", StringComparison.Ordinal),
                "the host logged no error", () => host.Output[..Math.Min(host.Output.Length, 2_000)]);
        }
        finally
        {
            await host.StopAsync();
            // Beside the data, not in it: what the host said is wanted where the drill failed.
            await File.WriteAllTextAsync($"{folder}.log", host.Output, CancellationToken.None);
            await EmbeddedPostgres.DiscardAsync(folder, NullLogger.Instance, CancellationToken.None);
        }
    }

    private static void Tell(FuzzOutcome outcome, DrillReport report)
    {
        report.Say($"answers: {string.Join(", ", outcome.Statuses.Select(pair => $"{pair.Value} × {pair.Key}"))}");
        report.Say(string.Create(CultureInfo.InvariantCulture, $"{outcome.Routes.Count} routes, each asked {outcome.Routes.Values.Min()} to {outcome.Routes.Values.Max()} times; the slowest answer after {outcome.Slowest.TotalSeconds:0.00} s"));
        report.Must(outcome.NotMade.Count == 0, "every body that the description shows made something", () => string.Join(", ", outcome.NotMade));
        foreach (var violation in outcome.Violations)
        {
            report.Violation(violation.ToString());
        }
    }

    private static Dictionary<string, string> Environment(string folder)
    {
        var environment = new Dictionary<string, string>(Access.Environment)
        {
            ["ChargeCars__DataDirectory"] = folder,
            ["Logging__LogLevel__Default"] = "Warning",
        };
        // It asks more in a second than people do.
        foreach (var quota in (string[])["Login", "Person", "Program", "Stranger", "Link"])
        {
            environment[$"ChargeCars__RateLimits__{quota}__PerSecond"] = "100000";
            environment[$"ChargeCars__RateLimits__{quota}__Burst"] = "100000";
        }

        return environment;
    }
}
