using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>Rows of the standard shape over HTTP beside pgbench with the same statements, then lists of a million of them.</summary>
internal sealed class Organizations : IBenchmark
{
    private const int Callers = 64;
    private const int OrganizationsEach = 16;
    private const string IdOfV = "('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid";
    private const string Columns = "id, version, created_at, updated_at, name, organization_type, business_entity, kvk_number, vat_number, website, phone, email";

    // The three tables of a command without a status. Its change events are numbered by a sequence: see Commands.
    private const string AuditAndChange = """
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, business_context, ip_address, created_at)
        VALUES (gen_random_uuid(), 'organization', gen_random_uuid(), 'UPDATE', '{"name": "Bench"}', '{"name": "Bench again"}',
            '{"actor": {"kind": "key", "name": "bench"}, "version": 1}', '127.0.0.1', now());
        INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
        VALUES (nextval('bench_change'), 'organization.updated', 'organization', gen_random_uuid(), now(),
            '{"kind": "key", "name": "bench"}', '{"id": "0199a000-0000-7000-8000-000000000001", "name": "Bench", "businessEntity": "chargecars", "version": 1}');
        COMMIT;
        \endpipeline
        """;

    private const string Create = $"""
        \startpipeline
        BEGIN;
        INSERT INTO organization (id, name, organization_type, business_entity, email) VALUES (gen_random_uuid(), 'Bench', 'customer_business', 'chargecars', 'bench@example.nl');
        {AuditAndChange}
        """;

    private static readonly string Change = $"""
        \set v random(0, {Callers * OrganizationsEach - 1})
        \startpipeline
        BEGIN;
        UPDATE organization SET version = version + 1, updated_at = now(), name = 'Bench again' WHERE id = {IdOfV};
        {AuditAndChange}
        """;

    private static readonly string Read = $"""
        \set v random(0, {Callers * OrganizationsEach - 1})
        SELECT {Columns} FROM organization WHERE id = {IdOfV};
        """;

    private const string List = $"SELECT {Columns} FROM organization WHERE business_entity = 'chargecars' ORDER BY created_at, id LIMIT 51;";

    public string Name => "entities";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await MakeAsync(host.Database, 0, Callers * OrganizationsEach);
        var bare = await BareAsync(server);
        var rows = new List<Measurement>
        {
            await BesideAsync("GET of one organization", Read, await AskersAsync(host, (caller, turn) => $"/api/organizations/{IdOf(caller, turn)}"), aim: null),
            await BesideAsync("a page of 50 organizations", List, await AskersAsync(host, (_, _) => "/api/organizations?businessEntity=chargecars"), aim: null),
            await BesideAsync("PATCH of an organization", Change, await PatchersAsync(host), aim: 1),
            await BesideAsync("POST of an organization", Create, await CreatorsAsync(host), aim: 1),
        };
        rows.AddRange(await ManyAsync(host, run));
        return rows;

        async Task<Measurement> BesideAsync(string work, string script, IReadOnlyList<Func<Task<int>>> callers, double? aim)
        {
            var baseline = await Pgbench.RunAsync(bare, script, Callers, run.Measured);
            var result = await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, host.MeterCpu);
            return new()
            {
                Work = $"{work} over HTTP, {Callers} connections", Result = $"{result.Rate:N0}/s", Latency = result.Latency,
                Baseline = $"the same statements by pgbench, {Callers} clients: {baseline:N0}/s", Ratio = result.Rate / baseline,
                Aim = aim is { } times ? $"{times}×" : "", Met = aim is null ? null : result.Rate >= aim * baseline, Cpu = result.Cpu,
            };
        }
    }

    /// <summary>Pages of a long list: by each filter, from its beginning and further on.</summary>
    private static async Task<IReadOnlyList<Measurement>> ManyAsync(BenchHost host, BenchRun run)
    {
        var count = run.Quick ? 100_000 : 1_000_000;
        await MakeAsync(host.Database, Callers * OrganizationsEach, count);
        await using (var analyze = host.Database.CreateCommand("ANALYZE organization"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        var cursor = await CursorAsync(host);
        (string What, Func<int, int, string> Path)[] lists =
        [
            ("the first page", static (_, _) => "?limit=50"),
            ("the page after 10,000 others", (_, _) => $"?limit=50{cursor}"),
            ("by name", (caller, turn) => $"?name=Organization%20{Some(count, caller, turn)}"),
            ("by KvK number", (caller, turn) => $"?kvkNumber={Kvk(Some(count, caller, turn))}"),
            ("by email", (caller, turn) => $"?email=o{Some(count, caller, turn)}@example.nl"),
            ("by a business entity that few have", static (_, _) => "?businessEntity=ratioshop"),
        ];
        var rows = new List<Measurement>();
        foreach (var (what, path) in lists)
        {
            var result = await ClosedLoop.RunAsync(
                (await AskersAsync(host, (caller, turn) => $"/api/organizations{path(caller, turn)}")).Take(8).ToArray(), run.WarmUp / 2, run.Measured / 2, host.MeterCpu);
            rows.Add(new()
            {
                Work = $"list of {count:N0} organizations, {what}, 8 connections", Result = $"p99 {result.Latency.P99:0.0} ms", Latency = result.Latency,
                Aim = "p99 < 100 ms", Met = result.Latency.P99 < 100, Cpu = result.Cpu, Note = $"{result.Rate:N0}/s.",
            });
        }

        return rows;
    }

    // Twenty of the longest pages on; how deep it is costs nothing, or the figure says so.
    private static async Task<string> CursorAsync(BenchHost host)
    {
        using var client = host.Client();
        var cursor = "";
        for (var page = 0; page < 20; page++)
        {
            var read = await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/organizations?limit=500{cursor}", UriKind.Relative));
            cursor = $"&cursor={Uri.EscapeDataString(read.GetProperty("nextCursor").GetString()!)}";
        }

        return cursor;
    }

    private static async Task<IReadOnlyList<Func<Task<int>>>> AskersAsync(BenchHost host, Func<int, int, string> path) =>
        await CallersAsync(host, (caller, turn) => Requests.Get(host, path(caller, turn), $"X-Api-Key: {host.Key}"), expected: 200);

    private static async Task<IReadOnlyList<Func<Task<int>>>> CreatorsAsync(BenchHost host)
    {
        var body = Encoding.UTF8.GetBytes("""{"name":"Bench","organizationType":"customer_business","businessEntity":"chargecars","email":"bench@example.nl"}""");
        return await CallersAsync(host, (_, _) => Requests.Post(host, "/api/organizations", body), expected: 201);
    }

    private static async Task<IReadOnlyList<Func<Task<int>>>> PatchersAsync(BenchHost host)
    {
        var versions = new long[Callers, OrganizationsEach];
        return await CallersAsync(
            host,
            (caller, turn) =>
            {
                var version = ++versions[caller, turn % OrganizationsEach];
                return Requests.Patch(host, $"/api/organizations/{IdOf(caller, turn)}", version, Encoding.UTF8.GetBytes($$"""{"name":"Bench {{version}}"}"""));
            },
            expected: 200);
    }

    private static async Task<IReadOnlyList<Func<Task<int>>>> CallersAsync(BenchHost host, Func<int, int, byte[]> request, int expected) =>
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var (line, turn) = (await HttpLine.OpenAsync(host.Url), 0);
            return (Func<Task<int>>)(async () =>
            {
                var (status, body) = await line.AskAsync(request(caller, turn++));
                return status == expected ? 1 : throw Requests.Unexpected(status, body);
            });
        }));

    private static async Task<string> BareAsync(BenchServer server)
    {
        // In a database of its own: its change events would be holes in the host's feed.
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new MigrationRunner(database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await MakeAsync(database, 0, Callers * OrganizationsEach);
        await using var sequence = database.CreateCommand("CREATE SEQUENCE bench_change CACHE 100");
        await sequence.ExecuteNonQueryAsync();
        return connectionString;
    }

    private static async Task MakeAsync(NpgsqlDataSource database, int first, int count)
    {
        // One in a thousand is of the entity that few have.
        await using var insert = database.CreateCommand($"""
            INSERT INTO organization (id, name, organization_type, business_entity, kvk_number, email, created_at)
            SELECT ('00000000-0000-7000-8000-' || lpad(v::text, 12, '0'))::uuid, 'Organization ' || v, 'customer_business',
                CASE WHEN v % 1000 = 999 THEN 'ratioshop' ELSE 'chargecars' END, lpad((10000000 + v)::text, 8, '0'), 'o' || v || '@example.nl',
                '2026-01-01'::timestamptz + v * interval '1 second'
            FROM generate_series({first}, {first + count - 1}) v
            """);
        insert.CommandTimeout = 600;
        await insert.ExecuteNonQueryAsync();
    }

    private static string IdOf(int caller, int turn) => $"00000000-0000-7000-8000-{(caller * OrganizationsEach) + (turn % OrganizationsEach):D12}";

    private static int Some(int count, int caller, int turn) => (int)(((caller * 7_919L) + (turn * 104_729L)) % count) + (Callers * OrganizationsEach);

    private static string Kvk(int number) => $"{10_000_000 + number}";
}
