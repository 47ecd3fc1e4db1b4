using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace ChargeCars.Silo.Replay;

/// <summary>
/// <c>replay FILE…</c>: sends recorded traces through the HTTP ingest as if they were driven now.
/// </summary>
public static class ReplayCommand
{
    private const int BadUsage = 2;

    private static readonly Argument<FileInfo[]> Files = new Argument<FileInfo[]>("FILE")
    {
        Description = "GPX 1.0 or 1.1, or CSV with a header line. All files start together.",
        Arity = ArgumentArity.OneOrMore,
    }.AcceptExistingOnly();

    private static readonly Option<decimal> Speed = new("--speed")
    {
        Description = "How many times faster than recorded; at least 1.",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            var isNumber = decimal.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed);
            if (!isNumber || speed < 1) result.AddError("--speed must be a number of at least 1: played slower than recorded, fixes would lie in the future.");
            return speed;
        },
    };

    private static readonly Option<Uri> Url = new("--url")
    {
        Description = "The host.",
        DefaultValueFactory = _ => new Uri("http://localhost:5080/"),
        CustomParser = result =>
        {
            // With a slash at its end, or else a path in the address (a proxy's) would be replaced instead of extended.
            var isAddress = Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var url);
            if (!isAddress || url!.Scheme is not ("http" or "https")) result.AddError("--url must be an absolute http or https address.");
            return url;
        },
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "An API key that may send positions. Without it: the first administrator's login from .data/first-admin.txt, for a host on this machine only.",
    };

    private static readonly Option<string?> Vehicle = new("--vehicle")
    {
        Description = "Licence plate for all positions. Without it: the CSV's vehicle column, or else the file's name (test1.gpx: TEST1).",
    };

    private static readonly Option<bool> Create = new("--create") { Description = "Create the vehicles that don't exist." };

    private static readonly Option<string> LatitudeColumn = Column("latitude");
    private static readonly Option<string> LongitudeColumn = Column("longitude");
    private static readonly Option<string> TimeColumn = Column("time");
    private static readonly Option<string> VehicleColumn = Column("vehicle");

    /// <returns>
    /// 0: the server has stored everything that the files hold, now or before; 1: it has not, or something in a file can't be replayed; 2: bad usage.
    /// </returns>
    public static Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        var console = Console.IsOutputRedirected ? null : AnsiConsole.Console;
        return RunAsync(args, Console.Out, Console.Error, console, TimeProvider.System, Environment.CurrentDirectory, ct);
    }

    internal static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, IAnsiConsole? bar, TimeProvider time, string directory, CancellationToken cancellation)
    {
        var replay = new Command("replay", "Sends recorded traces through the HTTP ingest as if they were driven now.")
        {
            Files, Speed, Url, Key, Vehicle, Create, LatitudeColumn, LongitudeColumn, TimeColumn, VehicleColumn,
        };
        replay.SetAction(async (parsed, stop) =>
        {
            try
            {
                var options = Options(parsed, directory);
                if (options is not null) return await new ReplayRun(options, output, bar, time).RunAsync(stop) ? 0 : 1;
                await error.WriteLineAsync($"--key is needed: there is no .data/first-admin.txt here, or {parsed.GetValue(Url)} is not this machine.");
                return BadUsage;
            }
            catch (ReplayException problem)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await error.WriteLineAsync("Broken off.");
                return 1;
            }
        });

        var parsed = new RootCommand("ChargeCars") { replay }.Parse(["replay", .. args]);
        // The library handles Ctrl-C by cancelling the action's token.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellation);
        return parsed.Errors.Count > 0 ? BadUsage : code;
    }

    private static ReplayOptions? Options(ParseResult parsed, string directory)
    {
        var url = parsed.GetValue(Url)!;
        // The administrator's password is for the host that wrote it, never for one elsewhere.
        Credential? credential = parsed.GetValue(Key) is { } key ? new Credential.ApiKey(key)
            : url.IsLoopback ? FirstAdministrator.Find(directory) : null;
        if (credential is null) return null;
        return new ReplayOptions(
            [.. parsed.GetValue(Files)!.Select(file => file.ToString())],
            parsed.GetValue(Speed),
            url,
            credential,
            parsed.GetValue(Vehicle),
            parsed.GetValue(Create),
            new CsvColumns(
                parsed.GetValue(LatitudeColumn)!,
                parsed.GetValue(LongitudeColumn)!,
                parsed.GetValue(TimeColumn)!,
                parsed.GetValue(VehicleColumn)!));
    }

    private static Option<string> Column(string name) => new($"--{name}-column")
    {
        Description = $"The CSV column of the {name}.",
        DefaultValueFactory = _ => name,
    };
}
