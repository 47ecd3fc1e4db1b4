using System.Text.Json;
using Spectre.Console;

namespace ChargeCars.Silo.Replay;

/// <summary>What a replay is asked to do.</summary>
/// <param name="Speed">How many times faster than recorded; at least 1.</param>
/// <param name="Url">The host; ends with a slash.</param>
/// <param name="Vehicle">Licence plate for everything; null: the files say.</param>
/// <param name="Create">Create the vehicles that don't exist.</param>
internal sealed record ReplayOptions(
    IReadOnlyList<string> Files,
    decimal Speed,
    Uri Url,
    Credential Credential,
    string? Vehicle,
    bool Create,
    CsvColumns Columns);

/// <summary>One replay from its files to its summary.</summary>
/// <param name="bar">A terminal to draw a progress bar on; null: lines on <paramref name="output"/>.</param>
internal sealed class ReplayRun(ReplayOptions options, TextWriter output, IAnsiConsole? bar, TimeProvider time)
{
    // A host that takes longer is stuck; asking again is the better bet.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <returns>Whether the server has everything that the files hold.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        // All files are read before anything is sent: one that is no trace at all must not leave half a replay behind.
        var traces = options.Files.Select(file => TraceFile.Read(file, options.Columns, options.Vehicle)).ToList();
        foreach (var told in traces.SelectMany(trace => trace.Faults.Told())) output.WriteLine(told);
        var faults = traces.Sum(trace => trace.Faults.Count);
        var schedule = new TraceSchedule(traces, options.Speed);
        output.WriteLine(
            $"{schedule.Count} positions of {Vehicles(schedule)}, at {options.Speed:0.##} times the recorded speed: "
            + $"{TimeSpan.FromSeconds(Math.Ceiling(schedule.Duration.TotalSeconds)):c} to {options.Url}");

        var tally = new ReplayTally(schedule.Count);
        // A redirect would carry the key to a host that nobody named.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = options.Url, Timeout = AnswerWithin };
        try
        {
            if (bar is null) await SendAsync(http, schedule, tally, new LineDisplay(output, time, HowToCreate), cancellation);
            else await BarDisplay.RunAsync(bar, schedule.Count, HowToCreate, display => SendAsync(http, schedule, tally, display, cancellation));
        }
        finally
        {
            Summarise(tally, faults);
        }

        return tally.EverythingIsStored && faults == 0;
    }

    private async Task SendAsync(HttpClient http, TraceSchedule schedule, ReplayTally tally, IReplayDisplay display, CancellationToken cancellation)
    {
        var client = new IngestClient(http, options.Credential, time, display.Note);
        if (options.Create)
        {
            foreach (var plate in schedule.Vehicles)
            {
                if (await client.CreateVehicleAsync(plate, cancellation)) display.Note($"{plate}: created");
            }
        }

        await new PositionSender(client, time, display).SendAsync(schedule, tally, cancellation);
    }

    private void Summarise(ReplayTally tally, long faults)
    {
        output.WriteLine($"{tally.Sent} of {tally.Total} sent, {tally.Stored} stored{(faults > 0 ? $"; {faults} {(faults == 1 ? "fault" : "faults")} in the files, see above" : "")}");
        foreach (var (reason, rejection) in tally.Rejections)
        {
            var first = $"{rejection.First.Vehicle} at {rejection.First.FixTime.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
            output.WriteLine($"  {rejection.Count} rejected as {reason}, the first: {first}{(rejection.Detail is { } detail ? $" ({detail})" : "")}");
        }
    }

    private string HowToCreate(string plate)
    {
        var body = JsonSerializer.Serialize(new { licensePlate = plate, vehicleType = "van", vehicleName = plate });
        return $"{plate}: the server knows no vehicle with this licence plate. Create it by adding --create, or with\n"
            + $"  curl -X POST {options.Url}api/vehicles -H 'X-Api-Key: …' -H 'Content-Type: application/json' -d '{body}'";
    }

    private static string Vehicles(TraceSchedule schedule) =>
        schedule.Vehicles.Count <= 5 ? string.Join(", ", schedule.Vehicles) : $"{schedule.Vehicles.Count} vehicles";
}
