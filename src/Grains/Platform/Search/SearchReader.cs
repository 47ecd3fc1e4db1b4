using System.Globalization;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Search;

/// <summary>A kind that somebody searches, within what they see of it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Scope">What they see of its rows, made anew for each statement; null for all.</param>
public sealed record SearchedKind(FindableKind Kind, Func<ScopeCondition?> Scope);

/// <summary>What was found, the best first within its kind.</summary>
/// <param name="Type">The kind's table.</param>
/// <param name="Id">The entity.</param>
/// <param name="Text">By what it is found, and how it is shown.</param>
public sealed record SearchHit(string Type, Guid Id, SearchText Text);

/// <summary>
/// Searches kinds in one round trip, each by a statement of its own within its scope. Typing errors are looked for only where what
/// was typed finds little as it is. No answer counts or names anything out of scope, and nothing in a rank depends on other rows.
/// </summary>
public sealed class SearchReader(NpgsqlDataSource source)
{
    /// <summary>The most finds of one search.</summary>
    public const int Most = 100;

    // Fewer than this, and it may have been misspelled.
    private const int Few = 3;

    // Of a kind, the finds that are ranked: of a name that ten thousand bear, these are some and not the best.
    private const int Ranked = Most;

    private const int TimeoutMilliseconds = 2_000;
    private const int MostAlternatives = 6;

    // The values decide the plan: one name is borne by ten thousand, the next by one. And what would take too long is given up.
    private static readonly string Settings = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('statement_timeout', '{TimeoutMilliseconds}', true),
            set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '16MB', true)
        """);

    // A title that begins so, whole words, beginnings and stems: each is only read where those before it left room.
    private static readonly string[] Arms =
    [
        """
        SELECT s.entity_id, CASE WHEN s.title_folded = $2 THEN 1 ELSE 2 END AS tier, (1.0 / (1 + length(s.title_folded)))::real AS score
        FROM search_entry s WHERE s.entity_type = $1 AND s.title_folded >= $2 AND s.title_folded < $3 {0} ORDER BY s.title_folded LIMIT {1}
        """,
        """
        SELECT s.entity_id, CASE WHEN s.words @@ $4::tsquery THEN 1 ELSE 3 END, ts_rank(s.words, $5::tsquery)
        FROM search_entry s WHERE s.entity_type = $1 AND s.words @@ $5::tsquery {0} LIMIT {1}
        """,
        """
        SELECT s.entity_id, 4, ts_rank(s.words, $6::tsquery || plainto_tsquery('dutch', $7))
        FROM search_entry s WHERE s.entity_type = $1 AND s.words @@ ($6::tsquery || plainto_tsquery('dutch', $7)) {0} LIMIT {1}
        """,
    ];

    private static readonly string[] Misspelled =
    [
        "SELECT s.entity_id, 5 AS tier, ts_rank(s.words, $2::tsquery) AS score FROM search_entry s WHERE s.entity_type = $1 AND s.words @@ $2::tsquery {0} LIMIT {1}",
    ];

    private const string NearWords = """
        SELECT typed.word, near.word FROM unnest($1::text[]) AS typed(word) CROSS JOIN LATERAL (
            SELECT w.word FROM search_word w WHERE w.word % typed.word ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 200) near
        """;

    /// <summary>Searches. <see cref="TryAgain"/> where the database does not answer in time.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="kinds">Where, and what of it is seen.</param>
    /// <param name="limit">The most finds, 1 to <see cref="Most"/>.</param>
    /// <param name="cancellation">Gives it up.</param>
    public async Task<Result<IReadOnlyList<SearchHit>>> SearchAsync(
        string? typed, IReadOnlyList<SearchedKind> kinds, int limit, CancellationToken cancellation)
    {
        var query = SearchQuery.Parse(typed);
        if (!query.Succeeded)
        {
            return query.Error;
        }

        if (kinds.Count == 0)
        {
            return Array.Empty<SearchHit>();
        }

        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            var finds = await FindAsync(connection, kinds, kind => Asked(kind, query.Value, limit), cancellation);
            if (finds.Count < Math.Min(Few, limit) && await NearAsync(connection, query.Value, cancellation) is { } meant)
            {
                finds = [.. finds, .. await FindAsync(connection, kinds, kind => AskedOtherwise(kind, query.Value.Corrected(meant), limit), cancellation)];
            }

            return (await ShowAsync(connection, kinds, SearchRanking.Choose(finds, limit), cancellation)).ToArray();
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return new TryAgain("The search took too long. Type more of what you look for.");
        }
    }

    private static NpgsqlBatchCommand Asked(SearchedKind kind, SearchQuery query, int limit) => Statement(kind, Arms, limit, new()
    {
        Parameters =
        {
            Sql.Text(kind.Kind.Table), Sql.Text(query.TitleKey), Sql.Text(query.TitleKey + "\U0010FFFF"), Sql.Text(query.Codes),
            Sql.Text(query.Whole), Sql.Text(query.Beginnings), Sql.Text(query.Plain),
        },
    });

    private static NpgsqlBatchCommand AskedOtherwise(SearchedKind kind, string question, int limit) =>
        Statement(kind, Misspelled, limit, new() { Parameters = { Sql.Text(kind.Kind.Table), Sql.Text(question) } });

    private static NpgsqlBatchCommand Statement(SearchedKind kind, string[] arms, int limit, NpgsqlBatchCommand command)
    {
        var within = Within(kind, command);
        var parts = arms.SelectMany(_ => within, (arm, scope) => $"({string.Format(CultureInfo.InvariantCulture, arm, scope, Ranked)})");
        command.CommandText = $"""
            SELECT entity_id, min(tier), max(score) FROM (SELECT * FROM ({string.Join(" UNION ALL ", parts)}) part LIMIT {Ranked}) found
            GROUP BY entity_id ORDER BY 2, 3 DESC, 1 LIMIT {limit}
            """;
        return command;
    }

    // The condition of the kind's list, on the kind's own table. Each of its alternatives is asked apart: so the database starts from the
    // scope where that is small, and from the words where these are rare. Of many alternatives the rows are collected first.
    private static IReadOnlyList<string> Within(SearchedKind kind, NpgsqlBatchCommand command)
    {
        if (kind.Scope() is not { } scope)
        {
            return [""];
        }

        var rows = scope.AddAlternativesTo(command.Parameters).Select(condition => $"SELECT id FROM {kind.Kind.From} WHERE {condition}").ToList();
        return rows.Count > MostAlternatives ? [$"AND s.entity_id IN ({string.Join(" UNION ALL ", rows)})"] : [.. rows.Select(seen => $"AND s.entity_id IN ({seen})")];
    }

    private static async Task<List<SearchFind>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<SearchedKind> kinds, Func<SearchedKind, NpgsqlBatchCommand> ask, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(Settings));
        foreach (var kind in kinds)
        {
            batch.BatchCommands.Add(ask(kind));
        }

        var finds = new List<SearchFind>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var kind in kinds)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                finds.Add(new(kind.Kind.Table, reader.GetGuid(0), reader.GetInt32(1), reader.GetFloat(2)));
            }
        }

        await reader.NextResultAsync(cancellation);
        return finds;
    }

    // Which words may have been meant; null where none may.
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>?> NearAsync(
        NpgsqlConnection connection, SearchQuery query, CancellationToken cancellation)
    {
        var typed = query.Spellable.ToArray();
        if (typed.Length == 0)
        {
            return null;
        }

        var meant = new List<(string Typed, string Word)>();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(Settings), new(NearWords) { Parameters = { Sql.Array(NpgsqlDbType.Text, typed) } } },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            meant.Add((reader.GetString(0), reader.GetString(1)));
        }

        var near = meant.Where(pair => pair.Typed != pair.Word && TypingErrors.MayBe(pair.Typed, pair.Word)).ToLookup(pair => pair.Typed, pair => pair.Word);
        return near.Count == 0 ? null : near.ToDictionary(words => words.Key, words => (IReadOnlyList<string>)[.. words]);
    }

    private static async Task<IReadOnlyList<SearchHit>> ShowAsync(
        NpgsqlConnection connection, IReadOnlyList<SearchedKind> kinds, IReadOnlyList<SearchFind> chosen, CancellationToken cancellation)
    {
        var shown = kinds.Select(kind => (kind.Kind, Ids: chosen.Where(find => find.Type == kind.Kind.Table).Select(find => find.Id).ToArray()))
            .Where(kind => kind.Ids.Length > 0).ToList();
        if (shown.Count == 0)
        {
            return [];
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (kind, ids) in shown)
        {
            batch.BatchCommands.Add(kind.Show(ids));
        }

        var texts = new Dictionary<(string Type, Guid Id), SearchText>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var (kind, _) in shown)
        {
            await foreach (var (id, text) in kind.ReadAsync(reader, cancellation))
            {
                texts[(kind.Table, id)] = text;
            }

            await reader.NextResultAsync(cancellation);
        }

        // What was deleted in the meantime is not there any more.
        return [.. chosen.Where(find => texts.ContainsKey((find.Type, find.Id))).Select(find => new SearchHit(find.Type, find.Id, texts[(find.Type, find.Id)]))];
    }
}
