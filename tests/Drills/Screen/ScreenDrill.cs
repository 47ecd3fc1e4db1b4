using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Screen;

/// <summary>
/// A dispatch screen with the public client from npm: a recorded drive seen on it as it was sent, and status changes of
/// which it misses none while its line is cut again and again.
/// </summary>
internal static class ScreenDrill
{
    private const int Speed = 20;
    private const int Cuts = 5;
    private const int Vans = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Option<FileInfo?> Gpx = new("--gpx") { Description = "A recorded drive to replay; without one the drill's own." };

    public static Drill Drill { get; } = new(
        "screen", "The public client from npm sees a replayed drive as it was sent, and every change once while its line is cut five times.",
        [Gpx], (parsed, report, _) => RunAsync(parsed.GetValue(Gpx)?.FullName, report));

    private static async Task RunAsync(string? drive, DrillReport report)
    {
        await NpmScreen.InstallAsync();
        await using var database = await DurableDatabase.StartAsync();
        var folder = Directory.CreateTempSubdirectory("chargecars-drill-");
        await using var host = new HostProcess(new Dictionary<string, string>(Access.Environment)
        {
            ["ConnectionStrings__ChargeCars"] = database.ConnectionString,
            ["ChargeCars__DataDirectory"] = folder.FullName,
        });
        await host.StartAsync(Patience);
        var access = await Access.SignInAsync(host.Url);

        await ReplayAsync(drive ?? Path.Combine(AppContext.BaseDirectory, "Screen", "drive.gpx"), host.Url, access, database, report);
        await CutAsync(host.Url, access, database, report);
        await host.StopAsync();
        folder.Delete(recursive: true);
    }

    private static async Task ReplayAsync(string file, Uri host, Access access, DurableDatabase database, DrillReport report)
    {
        using var http = access.Client(host);
        var id = await Access.CreateVehicleAsync(http, "DRILL-1");
        // A recorder that writes whole seconds can have two points in one; a vehicle has one fix a time, the first.
        var points = RecordedDrive.Read(file);
        var recorded = points.DistinctBy(point => point.Time).ToList();
        await using var screen = NpmScreen.Start(host, access.Token);
        await screen.UntilAsync(now => now.Of("watching").Any(), "the first answer");

        var clock = Stopwatch.StartNew();
        var said = await ReplayCommandAsync(file, host, access.Key, mayLackSome: recorded.Count < points.Count);
        report.Say($"{Path.GetFileName(file)}, {points.Count} points at {recorded.Count} different times, at {Speed}×: {said} ({clock.Elapsed.TotalSeconds:0.0} s with dotnet run)");

        var read = await ReadBackAsync(http, id);
        var inTable = await database.ScalarAsync<long>("SELECT count(*) FROM vehicle_position WHERE vehicle_id = $1", id);
        report.Must(inTable == recorded.Count, $"vehicle_position has the {recorded.Count} fixes", () => $"it has {inTable}");
        var shift = read.Count > 0 ? read[0].Time - recorded[0].Time : default;
        report.Must(
            read.SequenceEqual(recorded.Select(point => point with { Time = point.Time + shift })),
            "they read back as sent: latitude, longitude and spacing of each", () => $"{read.Count} read back");

        await screen.UntilAsync(now => Seen(now, id).LastOrDefault() == read[^1], "the drive's last fix on the screen");
        var seen = Seen(screen, id).ToList();
        report.Must(
            seen.All(read.Contains) && seen.Zip(seen.Skip(1)).All(pair => pair.First.Time < pair.Second.Time),
            $"the npm client saw the van move: {seen.Count} positions (at most 4/s), each a fix that was sent, none backwards");
    }

    private static IEnumerable<RecordedPoint> Seen(NpmScreen screen, Guid id) => screen.Of("positions")
        .SelectMany(message => message.GetProperty("positions").EnumerateArray())
        .Where(position => position.GetProperty("vehicleId").GetGuid() == id)
        .Select(PointOf);

    private static RecordedPoint PointOf(JsonElement position) => new(
        position.GetProperty("fixTime").GetDateTime(), position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble());

    private static async Task<List<RecordedPoint>> ReadBackAsync(HttpClient http, Guid id)
    {
        var (read, cursor) = (new List<RecordedPoint>(), (string?)null);
        do
        {
            var page = await http.GetFromJsonAsync<JsonElement>(
                $"/api/vehicles/{id}/positions?limit=100{(cursor is null ? "" : $"&cursor={cursor}")}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(PointOf));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return read;
    }

    private static async Task<string> ReplayCommandAsync(string file, Uri host, string key, bool mayLackSome)
    {
        using var replay = Process.Start(new ProcessStartInfo("dotnet",
        [
            "run", "--project", "src/Silo", "--", "replay", Path.GetFullPath(file), "--speed", $"{Speed}", "--url", host.OriginalString,
            "--key", key, "--vehicle", "DRILL-1",
        ])
        {
            WorkingDirectory = Repository.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, fault) = (replay.StandardOutput.ReadToEndAsync(), replay.StandardError.ReadToEndAsync());
        await replay.WaitForExitAsync();
        return replay.ExitCode == 0 || (mayLackSome && replay.ExitCode == 1)
            ? (await output).Split('\n').Last(line => line.Contains(" sent, ", StringComparison.Ordinal)).Trim()
            : throw new DrillException($"The replay ended with {replay.ExitCode}: {await output} {await fault}");
    }

    private static async Task CutAsync(Uri host, Access access, DurableDatabase database, DrillReport report)
    {
        using var http = access.Client(host);
        var ids = new List<Guid>();
        for (var van = 0; van < Vans; van++)
        {
            ids.Add(await Access.CreateVehicleAsync(http, $"CUT-{van}"));
        }

        using var line = new CuttableProxy(host);
        await using var screen = NpmScreen.Start(line.Url, access.Token);
        await screen.UntilAsync(now => now.Of("watching").Any(), "the first answer");
        var start = screen.Of("watching").First().GetProperty("sequence").GetInt64();

        using var enough = new CancellationTokenSource();
        var callers = ids.Select(id => ChangeAsync(http, id, enough.Token)).ToList();
        for (var cut = 0; cut < Cuts; cut++)
        {
            var before = screen.Sequences.Count();
            await screen.UntilAsync(now => now.Of("watching").Count() == cut + 1 && now.Sequences.Count() > before + 100, "a burst of changes");
            report.Must(line.Cut() > 0, $"cut {cut + 1} in the middle of the burst, after {screen.Sequences.Count()} changes");
        }

        await screen.UntilAsync(now => now.Of("watching").Count() == Cuts + 1, "the last resumption");
        await enough.CancelAsync();
        var made = (await Task.WhenAll(callers)).Sum();

        var expected = await database.RowsAsync(
            $"SELECT sequence FROM change_event WHERE sequence > {start} AND entity_type = 'vehicle' ORDER BY sequence", row => row.GetInt64(0));
        await screen.UntilAsync(now => now.Sequences.LastOrDefault() == expected[^1], "the last change");
        var resumed = screen.Of("watching").Skip(1).ToList();
        report.Must(
            resumed.Count == Cuts && resumed.TrueForAll(answer => answer.GetProperty("resumed").GetBoolean()) && !screen.Of("resync").Any(),
            $"resumed {Cuts} times with since; missed meanwhile: {string.Join(", ", resumed.Select(answer => answer.GetProperty("missed").GetInt32()))}");
        var taken = screen.Sequences.ToList();
        report.Must(
            taken.SequenceEqual(expected), $"the npm client has all {expected.Count} changes exactly once, in order ({made} actions were acknowledged)",
            () => $"{taken.Count} taken; missing {expected.Except(taken).Count()}, twice {taken.Count - taken.Distinct().Count()}");
    }

    /// <summary>Drives and parks a van as fast as the host answers.</summary>
    private static async Task<int> ChangeAsync(HttpClient http, Guid id, CancellationToken enough)
    {
        var changes = 0;
        while (!enough.IsCancellationRequested)
        {
            using var answer = await http.PostAsync($"/api/vehicles/{id}/actions/{(changes % 2 == 0 ? "drive" : "park")}", null, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            changes++;
        }

        return changes;
    }
}
