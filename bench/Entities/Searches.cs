using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Bench.Running;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>
/// Search over HTTP among a million organizations and two million contacts, by who sees all and by who sees next to nothing; beside it what
/// trigram indexes on the tables answer to the same, without scope, ranking and HTTP.
/// </summary>
internal sealed class Searches : IBenchmark
{
    private static readonly Guid Partner = Guid.Parse("00000000-0000-7000-8000-000000000001");

    private static readonly string[] Trades =
    [
        "Bakkerij", "Slagerij", "Garage", "Installatiebedrijf", "Elektro", "Bouwbedrijf", "Schildersbedrijf", "Autobedrijf", "Hotel", "Restaurant", "Apotheek",
        "Tandartspraktijk", "Makelaardij", "Transport", "Advies", "Techniek", "Kwekerij", "Drukkerij", "Fietsen", "Stichting",
    ];

    private static readonly string[] Places =
        ["Utrecht", "Amsterdam", "Rotterdam", "Eindhoven", "Groningen", "Tilburg", "Almere", "Breda", "Nijmegen", "Apeldoorn", "Haarlem", "Arnhem", "Zaandam", "Amersfoort", "Hoofddorp", "Zwolle"];

    private static readonly string[] Kinds = ["Holding", "Beheer", "Groep", "Zonen", "Service", "Nederland", "Centrum", "Partners"];

    private static readonly string[] Firsts =
    [
        "Jan", "Piet", "Anna", "Maria", "Sanne", "Daan", "Emma", "Julia", "Lars", "Sem", "Lotte", "Fleur", "Bram", "Thijs", "Eva", "Sara", "Noor", "Finn", "Luuk", "Mees",
        "Henk", "Kees", "Joost", "Willem", "Johan", "Peter", "Erik", "Marieke", "Ingrid", "Els", "Ria", "Truus", "Karin", "Petra", "Monique", "Mohammed", "Fatima", "Youssef", "Ayse", "Omar",
    ];

    private static readonly string[] Heads =
    [
        "jan", "piet", "vries", "berg", "dijk", "smit", "bak", "meer", "boer", "mul", "bos", "vos", "peet", "hend", "dekk", "brou", "wit", "graaf", "lind", "kok", "jacob", "haan", "veen",
        "vliet", "heuv", "broek", "bruin", "schout", "kram", "post", "maas", "kuip", "pruis", "verm", "wolf", "hoek", "kost", "prin", "blom", "schol", "sand", "groen", "leeuw", "zand", "mol",
        "ever", "hoff", "hart", "berk", "staal", "gerr", "vink", "hulst", "geld", "hout", "zwart", "pool", "steen", "mool", "ploeg", "dal", "kerk", "poort", "eik", "beuk", "olm", "lent", "zom",
    ];

    private static readonly string[] Tails =
        ["sen", "stra", "sma", "man", "huis", "horst", "laar", "veld", "mans", "ing", "ink", "ema", "inga", "kamp", "weg", "dam", "beek", "burg", "mond", "land", "wijk", "sluis", "hof", "oord", "rade", "donk", "loo"];

    private static readonly string[] Ends = ["", "s", "er", "aar", "tje", "ma", "ens", "is", "el", "on", "ke", "ijn", "oe", "a", "i", "en", "um", "ot", "ard", "ix"];

    // A few names are borne by many and most by few.
    private static readonly string[] Surnames = [.. Heads.SelectMany(_ => Tails, (head, tail) => head + tail).SelectMany(_ => Ends, (name, end) => name + end).Distinct().OrderBy(name => HashOf(name))];

    public string Name => "search";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        var organizations = run.Quick ? 50_000 : 1_000_000;
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await FillAsync(host.Database, organizations);
        var clock = Stopwatch.StartNew();
        await host.RestartAsync();
        await WaitAsync(host, clock);
        var filled = clock.Elapsed;
        await ExecuteAsync(host.Database, "VACUUM ANALYZE");
        await ExecuteAsync(host.Database, "CHECKPOINT");

        var of = $"{organizations:N0} organizations and {2 * organizations:N0} contacts";
        using var all = await ClientAsync(host, new { name = "all", permissions = new[] { "relations.read", "orders.read", "visits.read", "catalogue.read", "vehicles.read", "calls.read" } });
        using var partner = await ClientAsync(host, new { name = "partner", permissions = new[] { "relations.read", "orders.read" }, partnerOrganizationId = Partner });
        using var entity = await ClientAsync(host, new { name = "entity", permissions = new[] { "relations.read", "orders.read" }, businessEntities = new[] { "ratioshop" } });
        var before = new Dictionary<string, Percentiles>();
        var rows = new List<Measurement>();
        (string Work, HttpClient Client, Func<Random, string> Question)[] questions =
        [
            ("one word", all, OneWord), ("four words", all, FourWords), ("a word with a typing error", all, Misspelled), ("a phone number as people type it", all, Phone),
            ("the beginning of a word", all, Beginning),
            ("one word, by a partner who sees a few hundred of them", partner, OneWord), ("a word with a typing error, by that partner", partner, Misspelled),
            ("one word, by who sees one business entity of one in a thousand", entity, OneWord), ("a word with a typing error, by them", entity, Misspelled),
        ];
        foreach (var (work, client, question) in questions)
        {
            before[work] = await MeasureAsync(run, question, typed => SearchAsync(client, typed));
        }

        await ExecuteAsync(host.Database, """
            CREATE INDEX idx_bench_organization ON organization USING gin (name gin_trgm_ops);
            CREATE INDEX idx_bench_contact ON contact USING gin ((first_name || ' ' || last_name) gin_trgm_ops);
            ANALYZE organization; ANALYZE contact
            """);
        foreach (var (work, _, question) in questions)
        {
            var sql = question == Misspelled
                ? "SELECT id FROM {0} WHERE {1} %> $1 ORDER BY word_similarity($1, {1}) DESC LIMIT 20"
                : "SELECT id FROM {0} WHERE {1} ILIKE '%' || $1 || '%' LIMIT 20";
            var beside = question == Phone ? (Percentiles?)null : await MeasureAsync(run, question, typed => TrigramsAsync(host.Database, sql, typed));
            var latency = before[work];
            rows.Add(new()
            {
                Work = $"search: {work}, among {of}", Result = $"p50 {latency.P50:0.0} ms", Latency = latency,
                Baseline = beside is null ? null : $"{(question == Misspelled ? "word similarity" : "ILIKE")} by trigram indexes, all rows, no HTTP: p50 {beside.P50:0.0}, p99 {beside.P99:0.0} ms",
                Ratio = beside is null ? null : latency.P99 / beside.P99,
                Aim = "p99 under 50 ms", Met = latency.P99 < 50,
                Note = $"One question after the other. The host made all rows findable in {filled.TotalSeconds:0} s ({3 * organizations / filled.TotalSeconds:N0} a second).",
            });
        }

        return rows;
    }

    private static string Surname(Random random) => Surnames[(int)(Surnames.Length * Math.Pow(random.NextDouble(), 3))];

    private static string OneWord(Random random) => random.Next(10) switch
    {
        0 => Firsts[random.Next(Firsts.Length)],
        1 => Trades[random.Next(Trades.Length)],
        _ => Surname(random),
    };

    private static string FourWords(Random random) =>
        $"{Trades[random.Next(Trades.Length)]} {Surname(random)} {Places[random.Next(Places.Length)]} {Kinds[random.Next(Kinds.Length)]}";

    private static string Beginning(Random random) => Surname(random)[..(3 + random.Next(2))];

    private static string Phone(Random random) => $"06 {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)}";

    private static string Misspelled(Random random)
    {
        var name = Surname(random).ToCharArray();
        var place = 1 + random.Next(name.Length - 2);
        (name[place], name[place + 1]) = random.Next(2) == 0 ? (name[place + 1], name[place]) : (name[place], (char)('a' + random.Next(26)));
        return new(name);
    }

    private static int HashOf(string name) => name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) * 486187739;

    private static async Task<Percentiles> MeasureAsync(BenchRun run, Func<Random, string> question, Func<string, Task> ask)
    {
        var (random, milliseconds) = (new Random(20261130), new List<double>());
        for (var (total, last) = (Stopwatch.StartNew(), TimeSpan.Zero); total.Elapsed < run.WarmUp + run.Measured; last = total.Elapsed)
        {
            var typed = question(random);
            var watch = Stopwatch.StartNew();
            await ask(typed);
            if (last > run.WarmUp)
            {
                milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return Percentiles.Of(milliseconds);
    }

    private static async Task SearchAsync(HttpClient client, string typed)
    {
        using var answer = await client.GetAsync($"/api/search?q={Uri.EscapeDataString(typed)}");
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{typed}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task TrigramsAsync(NpgsqlDataSource database, string sql, string typed)
    {
        foreach (var (table, text) in new[] { ("organization", "name"), ("contact", "(first_name || ' ' || last_name)") })
        {
            await using var command = database.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, table, text));
            command.Parameters.Add(new() { Value = typed });
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
            }
        }
    }

    private static async Task<HttpClient> ClientAsync(BenchHost host, object key)
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = BenchHost.Email, password = BenchHost.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        using var made = await http.PostAsJsonAsync("/api/api-keys", key);
        made.EnsureSuccessStatusCode();
        var client = new HttpClient { BaseAddress = host.Url, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Add("X-Api-Key", (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString());
        return client;
    }

    // The rows as an import would leave them, without what they are found by: that is the host's to make.
    private static async Task FillAsync(NpgsqlDataSource database, int organizations)
    {
        var random = new Random(1);
        var ids = new Guid[organizations];
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using (var copy = await connection.BeginBinaryImportAsync("COPY organization (id, name, business_entity, phone, email, kvk_number) FROM STDIN (FORMAT BINARY)"))
            {
                for (var n = 0; n < organizations; n++)
                {
                    ids[n] = n == 0 ? Partner : Guid.CreateVersion7();
                    await copy.StartRowAsync();
                    await copy.WriteAsync(ids[n]);
                    await copy.WriteAsync($"{Trades[random.Next(Trades.Length)]} {Capital(Surname(random))} {Places[random.Next(Places.Length)]} {Kinds[random.Next(Kinds.Length)]}");
                    await copy.WriteAsync(n % 1_000 == 0 ? "ratioshop" : new[] { "chargecars", "laderthuis", "meterkastthuis", "zaptecshop" }[random.Next(4)]);
                    await copy.WriteAsync($"+3120{random.Next(10_000_000):D7}");
                    await copy.WriteAsync($"info@bedrijf{n}.example");
                    await copy.WriteAsync($"{10_000_000 + n}");
                }

                await copy.CompleteAsync();
            }

            await using (var copy = await connection.BeginBinaryImportAsync("COPY contact (id, organization_id, first_name, last_name, email, mobile) FROM STDIN (FORMAT BINARY)"))
            {
                for (var n = 0; n < 2 * organizations; n++)
                {
                    var name = Capital(Surname(random));
                    await copy.StartRowAsync();
                    await copy.WriteAsync(Guid.CreateVersion7());
                    await copy.WriteAsync(ids[n / 2]);
                    await copy.WriteAsync(Firsts[random.Next(Firsts.Length)]);
                    await copy.WriteAsync(random.Next(5) == 0 ? $"de {name}" : name);
                    await copy.WriteAsync($"{name.ToLowerInvariant()}{n}@gmail.com");
                    await copy.WriteAsync($"+316{random.Next(100_000_000):D8}");
                }

                await copy.CompleteAsync();
            }
        }

        await ExecuteAsync(database, $"""
            INSERT INTO "order" (id, order_number, business_entity, customer_organization_id, partner_organization_id)
            SELECT gen_random_uuid(), 'CC-ORD-2026-' || lpad(n::text, 7, '0'), 'chargecars', id, CASE WHEN n % 1000 = 0 THEN '{Partner}'::uuid END
            FROM (SELECT id, row_number() OVER () AS n FROM organization) o WHERE n % 4 = 0;
            DELETE FROM search_filling;
            ANALYZE
            """);
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static async Task WaitAsync(BenchHost host, Stopwatch clock)
    {
        await using var kinds = host.Database.CreateCommand("SELECT count(*) = 0 AND (SELECT count(*) FROM search_filling WHERE done_at IS NOT NULL) > 5 FROM search_filling WHERE done_at IS NULL");
        while (await kinds.ExecuteScalarAsync() is not true)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(30))
            {
                throw new TimeoutException($"Not all rows can be found after {clock.Elapsed}:\n{host.Output}");
            }

            await Task.Delay(200);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
