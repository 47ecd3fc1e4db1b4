using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using Npgsql;
using static ChargeCars.Bench.Fixes.FixSenders;

namespace ChargeCars.Bench;

/// <summary>Durable fixes a second through HTTP, grains and hub, beside one transaction a fix.</summary>
internal sealed class FixRates : IBenchmark
{
    private const int Callers = 64;

    /// <summary>
    /// The same table, one transaction a fix, pipelined: the best that this shape does. Each client is a source of its own, as two
    /// may have the same vehicle in the same microsecond.
    /// </summary>
    private const string OneTransactionAFix = """
        \set v random(0, 3199)
        \startpipeline
        BEGIN;
        INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, accuracy, speed, heading, source)
        VALUES (('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, clock_timestamp(), clock_timestamp(), 51.5, 4.5, 5, 38.5, 90, 'pgbench ' || :client_id);
        UPDATE vehicle SET current_location = '{"latitude": 51.5, "longitude": 4.5}', last_location_update = clock_timestamp()
        WHERE id = ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid;
        COMMIT;
        \endpipeline
        """;

    public string Name => "fixes";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 256 * VehiclesEach);
        using var screen = await Screen.OpenAsync(host);
        await screen.WatchAsync("""{"topics":["fleet"]}""");
        var reading = screen.DiscardAsync();

        var floor = await Pgbench.RunAsync(host.ConnectionString, OneTransactionAFix, 32, run.Measured / 2);
        var baseline = (await OneTransactionAFixAsync(host, run)).Rate;
        // The baselines' fixes are of this moment: left there, everything that follows would be late and repair its history.
        await using (var empty = host.Database.CreateCommand(
            "TRUNCATE vehicle_position; UPDATE vehicle SET current_location = NULL, last_location_update = NULL"))
        {
            await empty.ExecuteNonQueryAsync();
        }

        var beside = $"one transaction a fix, Npgsql, {Callers} connections: {baseline:N0}/s";
        var rows = new List<Measurement>
        {
            await MeasureAsync("batches of 50, a collector's (50 vehicles)", Callers, 50, Shape.ManyVehicles, 25, 60_000),
            await MeasureAsync("batches of 50, a tracker's (one vehicle)", Callers, 50, Shape.OneVehicle, 25, 60_000),
            await MeasureAsync("batches of 500, a collector's (50 vehicles)", 16, 500, Shape.ManyVehicles, 25, 60_000),
            await MeasureAsync("one fix a request, 256 connections", 256, 1, Shape.OneVehicle, null, 15_000),
        };
        return rows;

        async Task<Measurement> MeasureAsync(string work, int callers, int fixes, Shape shape, double? ratio, double rate)
        {
            var result = await ClosedLoop.RunAsync(
                await OpenAsync(host, callers, fixes, shape, _rounds++), run.WarmUp, run.Measured, host.MeterCpu);
            return new()
            {
                Work = $"durable fixes through HTTP, grains and hub: {work}",
                Result = $"{result.Rate:N0}/s",
                Latency = result.Latency,
                Baseline = beside,
                Ratio = result.Rate / baseline,
                Aim = ratio is { } times ? $"{times}×, {rate:N0}/s" : $"{rate:N0}/s",
                Met = result.Rate >= rate && result.Rate >= (ratio ?? 0) * baseline,
                Cpu = result.Cpu,
                Note = $"One transaction a fix without HTTP, JSON or .NET, by pgbench pipelined over 32 clients: {floor:N0}/s.",
            };
        }
    }

    /// <summary>What a program would do that knows no groups: one batch, one transaction, one round trip a fix.</summary>
    private static async Task<LoadResult> OneTransactionAFixAsync(BenchHost host, BenchRun run)
    {
        await using var source = NpgsqlDataSource.Create(
            $"{host.ConnectionString};Maximum Pool Size={Callers};Max Auto Prepare=10;Auto Prepare Min Usages=2;No Reset On Close=true");
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var connection = await source.OpenConnectionAsync();
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var (id, now) = (Vans.IdOf((caller * VehiclesEach) + (turn++ % VehiclesEach)), DateTime.UtcNow);
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new("""
                    INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, accuracy, speed, heading, source)
                    VALUES ($1, $2, $2, 51.5, 4.5, 5, 38.5, 90, 'npgsql')
                    """) { Parameters = { new() { Value = id }, new() { Value = now } } });
                batch.BatchCommands.Add(new("""
                    UPDATE vehicle SET current_location = '{"latitude": 51.5, "longitude": 4.5}', last_location_update = $2 WHERE id = $1
                    """) { Parameters = { new() { Value = id }, new() { Value = now } } });
                await batch.ExecuteNonQueryAsync();
                return 1;
            });
        }));
        return await ClosedLoop.RunAsync(callers, run.WarmUp / 2, run.Measured / 2);
    }

    private int _rounds;
}
