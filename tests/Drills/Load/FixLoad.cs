using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>Trackers: each fix has a time and place of its own, sent singly and in batches, again until it is answered.</summary>
internal sealed class FixLoad(PatientClient client, DrillReport report, IReadOnlyList<Guid> vehicles) : ILoad
{
    private const int BatchSenders = 4;
    private const int SingleSenders = 8;
    private const int BatchSize = 50;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly DateTimeOffset _first = Trim(DateTimeOffset.UtcNow - TimeSpan.FromDays(1));
    private readonly int[] _sent = new int[vehicles.Count];
    private readonly ConcurrentBag<(int Vehicle, int Number)> _acknowledged = [];

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, BatchSenders + SingleSenders).Select(async sender =>
        {
            var random = new Random(sender);
            while (!stop.IsCancellationRequested)
            {
                await SendAsync(random, sender < BatchSenders ? BatchSize : 1);
                await Task.Delay(random.Next(10, 80), CancellationToken.None);
            }
        }));

    public async Task CheckAsync(NpgsqlDataSource source, DrillReport report)
    {
        var index = vehicles.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        var stored = new HashSet<(int, int)>();
        await foreach (var row in source.RowsAsync("SELECT vehicle_id, fix_time, latitude, longitude, speed FROM vehicle_position"))
        {
            var (id, time) = (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1));
            var number = (int)((time - _first) / Step);
            if (!index.TryGetValue(id, out var vehicle) || number < 0 || number >= _sent[vehicle] || time != TimeOf(number))
            {
                report.Violation($"fix {id} {time:O}: nobody sent it");
                continue;
            }

            report.Require(stored.Add((vehicle, number)), () => $"fix {id} {time:O} is there twice");
            report.Require(
                row.GetDouble(2) == Latitude(number) && row.GetDouble(3) == Longitude(vehicle) && row.GetDouble(4) == Speed(number),
                () => $"fix {id} {time:O} reads back other than it was sent");
        }

        var acknowledged = new HashSet<(int Vehicle, int Number)>();
        foreach (var fix in _acknowledged)
        {
            report.Require(acknowledged.Add(fix), () => $"fix {vehicles[fix.Vehicle]} {TimeOf(fix.Number):O} was acknowledged twice");
            report.Require(stored.Contains(fix), () => $"fix {vehicles[fix.Vehicle]} {TimeOf(fix.Number):O} was acknowledged and is not there");
        }

        report.Say($"fixes: {acknowledged.Count} acknowledged of {_sent.Sum()} sent, {stored.Count} rows");
    }

    private async Task SendAsync(Random random, int count)
    {
        var fixes = Enumerable.Range(0, count).Select(_ =>
        {
            var vehicle = random.Next(vehicles.Count);
            return (Vehicle: vehicle, Number: Interlocked.Increment(ref _sent[vehicle]) - 1);
        }).ToArray();
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            positions = fixes.Select(fix => new
            {
                vehicleId = vehicles[fix.Vehicle],
                fixTime = TimeOf(fix.Number).UtcDateTime,
                latitude = Latitude(fix.Number),
                longitude = Longitude(fix.Vehicle),
                speedKmh = Speed(fix.Number),
            }),
        });
        var answer = await client.SendAsync(HttpMethod.Post, "/api/telemetry/positions", body);
        if (!answer.Succeeded)
        {
            report.Violation($"a batch of fixes was refused: {(int)answer.Status} {answer.Body}");
            return;
        }

        foreach (var rejected in answer.Body.GetProperty("rejected").EnumerateArray())
        {
            var fix = fixes[rejected.GetProperty("index").GetInt32()];
            // On disk since an attempt that was not answered: as good as stored now. At the first attempt it can't be.
            report.Require(
                rejected.GetProperty("reason").GetString() == "duplicate" && answer.Attempts > 1,
                () => $"fix {vehicles[fix.Vehicle]} {TimeOf(fix.Number):O} was refused at attempt {answer.Attempts}: {rejected}");
        }

        foreach (var fix in fixes)
        {
            _acknowledged.Add(fix);
        }
    }

    private DateTimeOffset TimeOf(int number) => _first + (Step * number);

    private static double Latitude(int number) => 52 + (number * 1e-6);

    private static double Longitude(int vehicle) => 5 + (vehicle * 1e-3);

    private static double Speed(int number) => number % 120;

    private static DateTimeOffset Trim(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
