using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>Warm requests with credentials, beside an open one of the same host, and what each asks of the database.</summary>
internal sealed class AuthorisedRequests : IBenchmark
{
    private const int Callers = 64;

    public string Name => "authorised";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 1);
        var token = await TokenAsync(host);
        var (warmUp, measured) = (run.WarmUp / 2, run.Measured / 2);
        var rest = await TransactionsAsync(host);
        await Task.Delay(warmUp + measured);
        var atRest = await TransactionsAsync(host) - rest;
        var van = $"/api/vehicles/{Vans.IdOf(0)}";
        var open = await AskAsync("/health/live", "Accept: */*");
        var beside = $"GET /health/live of the same host, open to all: {open.Load.Rate:N0}/s";
        return
        [
            Row("GET /api/permissions with a session's token", await AskAsync("/api/permissions", $"Authorization: Bearer {token}")),
            Row("the same with an API key", await AskAsync("/api/permissions", $"X-Api-Key: {host.Key}")),
            Row("GET /api/vehicles/{id} with a session's token: permission, scope, grain", await AskAsync(van, $"Authorization: Bearer {token}")),
            Row("the same with an API key", await AskAsync(van, $"X-Api-Key: {host.Key}")),
        ];

        Measurement Row(string work, (LoadResult Load, double Transactions) asked)
        {
            var requests = asked.Load.Rate * measured.TotalSeconds;
            var each = Math.Max(0, asked.Transactions - atRest) / requests;
            return new()
            {
                Work = $"{work}, {Callers} connections", Result = $"{asked.Load.Rate:N0}/s", Latency = asked.Load.Latency, Baseline = beside,
                Ratio = asked.Load.Rate / open.Load.Rate, Aim = "no round trip to the database", Met = each < 0.001, Cpu = asked.Load.Cpu,
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"{each:0.0000} transactions a request: the database counted {asked.Transactions:0} during {requests:N0} requests and the warm-up, and {atRest:0} in as long a time without any."),
            };
        }

        async Task<(LoadResult Load, double Transactions)> AskAsync(string path, string header)
        {
            var request = Requests.Get(host, path, header);
            var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
            {
                var line = await HttpLine.OpenAsync(host.Url);
                return (Func<Task<int>>)(async () =>
                {
                    var (status, body) = await line.AskAsync(request);
                    return status == 200 ? 1 : throw Requests.Unexpected(status, body);
                });
            }));
            var before = await TransactionsAsync(host);
            var load = await ClosedLoop.RunAsync(callers, warmUp, measured, host.MeterCpu);
            return (load, await TransactionsAsync(host) - before);
        }
    }

    // Backends report what they did within a second of becoming idle.
    private static async Task<double> TransactionsAsync(BenchHost host)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        await using var select = host.Database.CreateCommand("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
        return (long)(await select.ExecuteScalarAsync())!;
    }

    private static async Task<string> TokenAsync(BenchHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = BenchHost.Email, password = BenchHost.Password });
        return (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }
}
