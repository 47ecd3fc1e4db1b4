using System.Diagnostics;
using System.Net;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Conversations.Threads;
using Npgsql;

namespace ChargeCars.Bench.Conversations;

/// <summary>
/// Lists of threads and full text over a million messages, each beside what the same rows cost without HTTP; then mails that come in among them.
/// </summary>
internal sealed class Threads : IBenchmark
{
    private const int Callers = 32;
    private const string Found = "communication_message";

    public string Name => "threads";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        var messages = run.Quick ? 100_000 : 1_000_000;
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Archive.FillAsync(host, messages);
        using var client = host.Client();
        return [.. await ListsAsync(), .. await FullTextAsync(host, client, run, messages), await MailsAsync(server, host, run, messages)];

        async Task<IReadOnlyList<Measurement>> ListsAsync()
        {
            var threads = messages / Archive.MessagesEach;
            var (newest, recent) = ("created_at DESC, id DESC", "coalesce(last_message_at, created_at) DESC, id DESC");
            (string What, Func<int, string> Path, string Where, string Order)[] lists =
            [
                ("the newest", _ => "", "true", newest),
                ("open ones, the last message first", _ => "&status=open&sort=-lastMessageAt", "status = 'open'", recent),
                ("open ones of a colleague", turn => $"&status=open&assignedToContactId={Archive.Colleague(turn)}",
                    $"status = 'open' AND assigned_to_contact_id = '{Archive.Colleague(0)}'", newest),
                ("open ones that nobody has", _ => "&status=open&assigned=false", "status = 'open' AND assigned_to_contact_id IS NULL", newest),
                ("those whose customer waits", _ => "&waiting=true", "waiting_since IS NOT NULL", newest),
                ("open ones of a channel that few use", _ => "&status=open&channel=sms", "status = 'open' AND channel = 'sms'", newest),
                ("those of a business entity of one in a thousand", _ => "&businessEntity=ratioshop", "business_entity = 'ratioshop'", newest),
                ("those of a customer", turn => $"&customerContactId={Archive.Customer(turn * 7)}", $"customer_contact_id = '{Archive.Customer(7)}'", newest),
                ("those of an order", turn => $"&entityType=order&entityId={Archive.Order(turn * 7 % (threads / 4))}",
                    $"entity_type = 'order' AND entity_id = '{Archive.Order(7)}'", newest),
            ];
            var rows = new List<Measurement>();
            foreach (var (what, path, where, order) in lists)
            {
                var sql = $"SELECT {ThreadKind.Rows.ColumnList} FROM communication_thread WHERE {where} ORDER BY {order} LIMIT 51";
                rows.Add(await RowAsync(
                    $"list of {threads:N0} threads with {messages:N0} messages: {what}, 50 a page", turn => $"/api/threads?limit=50{path(turn)}",
                    () => ReadAsync(host.Database, sql)));
            }

            rows.Add(await RowAsync(
                $"the messages of one of {threads:N0} threads", turn => $"/api/threads/{Archive.Thread((int)(turn * 104_729L % threads))}/messages",
                () => ReadAsync(
                    host.Database, $"SELECT * FROM communication_message WHERE thread_id = '{Archive.Thread(7)}' ORDER BY position LIMIT 51")));
            return rows;
        }

        async Task<Measurement> RowAsync(string work, Func<int, string> path, Func<Task> bare)
        {
            var turn = 0;
            var beside = await MeasureAsync(run, bare);
            var latency = await MeasureAsync(run, () => AskAsync(client, path(turn++)));
            return new()
            {
                Work = work, Result = $"p99 {latency.P99:0.0} ms", Latency = latency,
                Baseline = $"the rows by Npgsql, no HTTP: p50 {beside.P50:0.0}, p99 {beside.P99:0.0} ms",
                Ratio = latency.P99 / beside.P99, Aim = "p99 < 20 ms", Met = latency.P99 < 20, Note = "One question after the other.",
            };
        }
    }

    private static async Task<IReadOnlyList<Measurement>> FullTextAsync(BenchHost host, HttpClient client, BenchRun run, int messages)
    {
        using (var known = await client.GetAsync($"/api/search?q=laadpaal&types={Found}"))
        {
            if (known.StatusCode == HttpStatusCode.BadRequest)
            {
                return [new() { Work = "full text of messages", Result = "not there", Note = $"/api/search does not know the type {Found}." }];
            }
        }

        var clock = Stopwatch.StartNew();
        await Archive.ExecuteAsync(host.Database, "DELETE FROM search_filling");
        await host.RestartAsync();
        await FilledAsync(host, clock);
        var filled = clock.Elapsed;
        await Archive.ExecuteAsync(host.Database, "VACUUM ANALYZE");
        await Archive.ExecuteAsync(host.Database, "CHECKPOINT");
        var rows = new List<Measurement>();
        (string What, Func<Random, string> Question)[] questions =
        [
            ("a word that many have", Correspondence.Word), ("a name that few have", Correspondence.Name),
            ("two words and a name", random => $"{Correspondence.Word(random)} {Correspondence.Word(random)} {Correspondence.Name(random)}"),
            ("an order's number", Correspondence.Number),
        ];
        foreach (var (what, question) in questions)
        {
            var random = new Random(7);
            var beside = await MeasureAsync(run, () => ReadAsync(host.Database, $"""
                SELECT entity_id FROM search_entry WHERE entity_type = '{Found}' AND words @@ plainto_tsquery('simple', '{question(random)}') LIMIT 20
                """));
            var latency = await MeasureAsync(run, () => AskAsync(client, $"/api/search?types={Found}&q={Uri.EscapeDataString(question(random))}"));
            rows.Add(new()
            {
                Work = $"full text of {messages:N0} messages: {what}", Result = $"p99 {latency.P99:0.0} ms", Latency = latency,
                Baseline = $"any 20 by the index, no rank, scope or HTTP: p50 {beside.P50:0.0}, p99 {beside.P99:0.0} ms",
                Ratio = latency.P99 / beside.P99, Aim = "p99 < 50 ms", Met = latency.P99 < 50,
                Note = $"One question after the other. The host made all messages findable in {filled.TotalSeconds:0} s.",
            });
        }

        return rows;
    }

    /// <summary>How many mails come in a second among a number of messages.</summary>
    internal static async Task<Measurement> MailsAsync(BenchServer server, BenchHost host, BenchRun run, int messages)
    {
        var bare = await BareAsync(server, run);
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var (mails, line) = (new Mails(host, caller), await HttpLine.OpenAsync(host.Url));
            return (Func<Task<int>>)(async () =>
            {
                var (status, body) = await line.AskAsync(mails.Next());
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            });
        }));
        // All that reads a mail is much code: until it is compiled for good, compiling takes a fifth of the processors.
        var result = await ClosedLoop.RunAsync(callers, 3 * run.WarmUp, run.Measured, host.MeterCpu);
        return new()
        {
            Work = $"mails imported among {messages:N0} messages, every other one an answer with what it quotes, {Callers} connections",
            Result = $"{result.Rate:N0}/s", Latency = result.Latency,
            Baseline = $"each mail put into a bare table by Npgsql, {Callers} connections: {bare:N0}/s", Ratio = result.Rate / bare,
            Aim = "500/s", Met = result.Rate >= 500, Cpu = result.Cpu,
        };
    }

    private static async Task<double> BareAsync(BenchServer server, BenchRun run)
    {
        await using var database = NpgsqlDataSource.Create($"{await server.CreateDatabaseAsync()};Maximum Pool Size={Callers}");
        await Archive.ExecuteAsync(database, "CREATE TABLE mail (id uuid PRIMARY KEY, received_at timestamptz NOT NULL, body bytea NOT NULL)");
        var callers = Enumerable.Range(0, Callers).Select(caller =>
        {
            var mails = new Mails(null!, caller);
            return (Func<Task<int>>)(async () =>
            {
                await using var insert = database.CreateCommand("INSERT INTO mail (id, received_at, body) VALUES ($1, now(), $2)");
                insert.Parameters.Add(new() { Value = Guid.NewGuid() });
                insert.Parameters.Add(new() { Value = mails.NextMail() });
                return await insert.ExecuteNonQueryAsync();
            });
        }).ToArray();
        return (await ClosedLoop.RunAsync(callers, run.WarmUp / 4, run.Measured / 2)).Rate;
    }

    private static async Task<Percentiles> MeasureAsync(BenchRun run, Func<Task> ask)
    {
        // Many lists are measured, and each is warm soon.
        var (milliseconds, warmUp, whole) = (new List<double>(), run.WarmUp / 5, (run.WarmUp / 5) + (run.Measured / 3));
        for (var (total, last) = (Stopwatch.StartNew(), TimeSpan.Zero); total.Elapsed < whole; last = total.Elapsed)
        {
            var watch = Stopwatch.StartNew();
            await ask();
            if (last > warmUp)
            {
                milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return Percentiles.Of(milliseconds);
    }

    private static async Task AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
        }
    }

    private static async Task FilledAsync(BenchHost host, Stopwatch clock)
    {
        await using var done = host.Database.CreateCommand(
            $"SELECT count(*) FROM search_filling WHERE entity_type = '{Found}' AND done_at IS NOT NULL");
        while ((long)(await done.ExecuteScalarAsync())! == 0)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(20))
            {
                throw new TimeoutException($"Not all messages can be found after {clock.Elapsed}:\n{host.Output}");
            }

            await Task.Delay(500);
        }
    }
}
