using System.Text;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Money.Numbering;
using ChargeCars.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>Numbers a second on one series, at the grain and over HTTP, beside UPDATE … RETURNING.</summary>
internal sealed class Numbers : IBenchmark
{
    private const int Callers = 64;

    private const string Update =
        "UPDATE number_sequence SET current_sequence = current_sequence + 1, updated_at = now() WHERE business_entity = 'ratioshop' AND number_type = 'visit' RETURNING current_sequence;";

    public string Name => "numbers";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        var baseline = await BaselineAsync(host, run);
        var beside = $"UPDATE … RETURNING, {Callers} connections, no owners: {baseline:N0}/s";
        var grain = await AtTheGrainAsync(server, run);
        var http = await OverHttpAsync(host, run);
        return
        [
            new()
            {
                Work = $"numbers of one series at the grain, {Callers} callers", Result = $"{grain.Rate:N0}/s", Latency = grain.Latency,
                Baseline = beside, Ratio = grain.Rate / baseline, Aim = "20×, p99 < 5 ms",
                Met = grain.Rate >= 20 * baseline && grain.Latency.P99 < 5, Cpu = grain.Cpu,
                Note = "The whole host and the callers are in this process: the first figure of CPU is both.",
            },
            new()
            {
                Work = $"the same over HTTP, {Callers} connections", Result = $"{http.Rate:N0}/s", Latency = http.Latency,
                Baseline = beside, Ratio = http.Rate / baseline, Cpu = http.Cpu,
            },
        ];
    }

    private static async Task<double> BaselineAsync(BenchHost host, BenchRun run)
    {
        await using var insert = host.Database.CreateCommand(
            "INSERT INTO number_sequence (id, business_entity, number_type, year, current_sequence) VALUES (gen_random_uuid(), 'ratioshop', 'visit', 2000, 0)");
        await insert.ExecuteNonQueryAsync();
        return await Pgbench.RunAsync(host.ConnectionString, Update, Callers, run.Measured / 2);
    }

    private static async Task<LoadResult> AtTheGrainAsync(BenchServer server, BenchRun run)
    {
        var data = Directory.CreateTempSubdirectory("chargecars-bench-host-");
        await using var here = await ChargeCarsHost.StartAsync(InProcess.Arguments(await server.CreateDatabaseAsync(), data.FullName));
        var grains = here.App.Services.GetRequiredService<IGrainFactory>();
        var grain = grains.GetGrain<INumberSequenceGrain>(new NumberSeries(BusinessEntity.Chargecars, NumberType.Order).ToString());
        var actor = new Actor(ActorKind.Key, Guid.CreateVersion7(), "bench");
        var caller = (Func<Task<int>>)(async () =>
            (await grain.NextAsync(Guid.CreateVersion7(), new CommandContext(Guid.CreateVersion7(), actor))).Succeeded
                ? 1
                : throw new InvalidOperationException("A number was refused."));
        return await ClosedLoop.RunAsync([.. Enumerable.Repeat(caller, Callers)], run.WarmUp, run.Measured, () => new CpuMeter(null, server.Process));
    }

    private static async Task<LoadResult> OverHttpAsync(BenchHost host, BenchRun run)
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            var line = await HttpLine.OpenAsync(host.Url);
            return (Func<Task<int>>)(async () =>
            {
                var request = Requests.Post(
                    host, "/api/number-sequences/chargecars/order/next", Encoding.ASCII.GetBytes($"{{\"ownerId\":\"{Guid.CreateVersion7()}\"}}"));
                var (status, body) = await line.AskAsync(request);
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            });
        }));
        return await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, host.MeterCpu);
    }
}
