using System.Globalization;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Search;

/// <summary>A kind that somebody searches, within what they see of it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Scope">What they see of its rows, made anew for each statement; null for all.</param>
/// <param name="IsAsked">Whether its finds are answered; else only what is found through them is.</param>
public sealed record SearchedKind(FindableKind Kind, Func<ScopeCondition?> Scope, bool IsAsked = true);

/// <summary>What was found, the best first within its kind.</summary>
/// <param name="Type">The kind's table.</param>
/// <param name="Id">The entity.</param>
/// <param name="Text">By what it is found, and how it is shown.</param>
public sealed record SearchHit(string Type, Guid Id, SearchText Text);

/// <summary>
/// Searches kinds in one round trip, each by a statement of its own within its scope; then what is found through them. Typing errors are
/// looked for only where what was typed finds little as it is. No answer counts or names anything out of scope, and nothing in a rank
/// depends on other rows.
/// </summary>
public sealed class SearchReader(NpgsqlDataSource source, ScopeSizes sizes)
{
    /// <summary>The most finds of one search.</summary>
    public const int Most = 100;

    // Fewer than this, and it may have been misspelled.
    private const int Few = 3;

    // Of a kind, the finds that are ranked: of a name that ten thousand bear, these are some and not the best.
    private const int Ranked = Most;

    // Of a kind, the rows in which a last word of two letters is looked for.
    private const int Narrowed = 20_000;

    // A visit through its order through the customer.
    private const int LongestWay = 2;

    /// <summary>The tier of what is found through another row.</summary>
    internal const int ThroughTier = 6;

    private const int TimeoutMilliseconds = 2_000;

    // The values decide the plan: one name is borne by ten thousand, the next by one. And what would take too long is given up.
    private static readonly string Settings = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('statement_timeout', '{TimeoutMilliseconds}', true),
            set_config('jit', 'off', true), set_config('pg_trgm.similarity_threshold', '0.2', true),
            set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '16MB', true)
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
        SELECT s.entity_id, 4, ts_rank(s.words, $6::tsquery || plainto_tsquery('dutch', $7) || plainto_tsquery('english', $7))
        FROM search_entry s
        WHERE s.entity_type = $1 AND s.words @@ ($6::tsquery || plainto_tsquery('dutch', $7) || plainto_tsquery('english', $7)) {0} LIMIT {1}
        """,
    ];

    // A last word of two letters: the index would collect a good part of everything that begins so. What the other words find is read
    // instead, of a name that very many bear a part.
    private static readonly string ShortArm = string.Create(CultureInfo.InvariantCulture, $$"""
        SELECT s.entity_id, 4, ts_rank(s.words, $8::tsquery)
        FROM (SELECT * FROM search_entry WHERE entity_type = $1 AND words @@ $8::tsquery LIMIT {{Narrowed}}) s WHERE s.words @@ $9::tsquery {0} LIMIT {1}
        """);

    // The same for each row of a small scope: whether it fits, and how well.
    private const string Tiers = """
        CASE WHEN s.title_folded = $2 OR s.words @@ $4::tsquery THEN 1
            WHEN s.title_folded >= $2 AND s.title_folded < $3 THEN 2
            WHEN s.words @@ $5::tsquery THEN 3
            WHEN s.words @@ ($6::tsquery || plainto_tsquery('dutch', $7) || plainto_tsquery('english', $7)) THEN 4
        """;

    private const string ShortTier = " WHEN s.words @@ $8::tsquery AND s.words @@ $9::tsquery THEN 4";

    private const string Scores = """
        greatest(
            CASE WHEN s.title_folded >= $2 AND s.title_folded < $3 THEN (1.0 / (1 + length(s.title_folded)))::real ELSE 0 END,
            ts_rank(s.words, $6::tsquery || plainto_tsquery('dutch', $7) || plainto_tsquery('english', $7)))
        """;

    private static readonly string[] Misspelled =
        ["SELECT s.entity_id, 5 AS tier, ts_rank(s.words, $2::tsquery) AS score FROM search_entry s WHERE s.entity_type = $1 AND s.words @@ $2::tsquery {0} LIMIT {1}"];

    private const string MisspelledTiers = "CASE WHEN s.words @@ $2::tsquery THEN 5 END";

    private const string MisspelledScores = "ts_rank(s.words, $2::tsquery)";

    private const string NearWords = """
        SELECT typed.word, near.word FROM unnest($1::text[]) AS typed(word) CROSS JOIN LATERAL (
            SELECT w.word FROM search_word w
            WHERE w.word % typed.word AND length(w.word) BETWEEN length(typed.word) - 2 AND length(typed.word) + 2
            ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 500) near
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
            var small = await sizes.SmallAsync(connection, kinds, cancellation);
            var finds = await FindAsync(connection, kinds, kind => Asked(kind, query.Value, limit, kinds, small), cancellation);
            if (finds.Count < Math.Min(Few, limit) && await NearAsync(connection, query.Value, cancellation) is { } meant)
            {
                finds = [.. finds, .. await FindAsync(connection, kinds, kind => AskedOtherwise(kind, query.Value.Corrected(meant), limit, kinds, small), cancellation)];
            }

            finds = await FindThroughAsync(connection, kinds, finds, limit, cancellation);
            var asked = kinds.Where(kind => kind.IsAsked).Select(kind => kind.Kind.Table).ToHashSet();
            return (await ShowAsync(connection, kinds, SearchRanking.Choose(finds.Where(find => asked.Contains(find.Type)), limit), cancellation)).ToArray();
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            return new TryAgain("The search took too long. Type more of what you look for.");
        }
    }

    private static NpgsqlBatchCommand Asked(SearchedKind kind, SearchQuery query, int limit, IReadOnlyList<SearchedKind> kinds, IReadOnlySet<SearchedKind> small)
    {
        var command = new NpgsqlBatchCommand
        {
            Parameters =
            {
                Sql.Text(kind.Kind.Table), Sql.Text(query.TitleKey), Sql.Text(query.TitleKey + "\U0010FFFF"), Sql.Text(query.Codes),
                Sql.Text(query.Whole), Sql.Text(query.Beginnings), Sql.Text(query.Plain),
            },
        };
        var endsShort = query.ShortBeginning.Length > 0;
        if (endsShort)
        {
            command.Parameters.Add(Sql.Text(query.Others));
            command.Parameters.Add(Sql.Text(query.ShortBeginning));
        }

        command.CommandText = small.Contains(kind)
            ? OfSmall(kind, $"{Tiers}{(endsShort ? ShortTier : "")} END", Scores, MostOf(kind, limit, kinds), command)
            : OfLarge(kind, endsShort ? [.. Arms, ShortArm] : Arms, MostOf(kind, limit, kinds), command);
        return command;
    }

    private static NpgsqlBatchCommand AskedOtherwise(SearchedKind kind, string question, int limit, IReadOnlyList<SearchedKind> kinds, IReadOnlySet<SearchedKind> small)
    {
        var command = new NpgsqlBatchCommand { Parameters = { Sql.Text(kind.Kind.Table), Sql.Text(question) } };
        command.CommandText = small.Contains(kind)
            ? OfSmall(kind, MisspelledTiers, MisspelledScores, MostOf(kind, limit, kinds), command)
            : OfLarge(kind, Misspelled, MostOf(kind, limit, kinds), command);
        return command;
    }

    // Through each of its finds others may be found.
    private static int MostOf(SearchedKind kind, int limit, IReadOnlyList<SearchedKind> kinds) =>
        kinds.Any(other => other.Kind.Through.Any(through => through.Table == kind.Kind.Table)) ? Ranked : limit;

    // From the words: the scope is asked of each row that fits. OFFSET 0 keeps the planner from collecting all of a large scope first, and
    // each alternative is asked apart, as with OR between them it would collect them too.
    private static string OfLarge(SearchedKind kind, string[] arms, int most, NpgsqlBatchCommand command)
    {
        var within = kind.Scope() is not { } scope ? ""
            : $"AND ({string.Join(" OR ", scope.AddAlternativesTo(command.Parameters).Select(seen => $"EXISTS (SELECT FROM {kind.Kind.From} WHERE id = s.entity_id AND ({seen}) OFFSET 0)"))})";
        var parts = arms.Select(arm => $"({string.Format(CultureInfo.InvariantCulture, arm, within, Ranked)})");
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT entity_id, min(tier), max(score) FROM (SELECT * FROM ({string.Join(" UNION ALL ", parts)}) part LIMIT {Ranked}) found
            GROUP BY entity_id ORDER BY 2, 3 DESC, 1 LIMIT {most}
            """);
    }

    // From the scope: each of its rows is looked at once, whatever was typed. OFFSET 0 keeps the planner from the index on words.
    private static string OfSmall(SearchedKind kind, string tiers, string scores, int most, NpgsqlBatchCommand command)
    {
        var seen = kind.Scope()!.AddAlternativesTo(command.Parameters).Select(condition => $"SELECT id FROM {kind.Kind.From} WHERE {condition}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            WITH seen AS MATERIALIZED ({string.Join(" UNION ", seen)})
            SELECT s.entity_id, {tiers} AS tier, {scores} AS score
            FROM seen CROSS JOIN LATERAL (SELECT e.* FROM search_entry e WHERE e.entity_type = $1 AND e.entity_id = seen.id OFFSET 0) s
            WHERE {tiers} IS NOT NULL ORDER BY 2, 3 DESC, 1 LIMIT {most}
            """);
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

    // What belongs to what was found: the best find's first, and of one's the newest.
    private static async Task<List<SearchFind>> FindThroughAsync(
        NpgsqlConnection connection, IReadOnlyList<SearchedKind> kinds, List<SearchFind> finds, int limit, CancellationToken cancellation)
    {
        var known = SearchRanking.Ordered(finds).DistinctBy(find => (find.Type, find.Id)).ToDictionary(find => (find.Type, find.Id));
        IReadOnlyCollection<SearchFind> fresh = known.Values;
        for (var step = 0; step < LongestWay && fresh.Count > 0; step++)
        {
            var asked = kinds.SelectMany(kind => kind.Kind.Through, (kind, through) => (Kind: kind, Through: through, Of: SearchRanking.Ordered(fresh.Where(find => find.Type == through.Table))))
                .Where(question => question.Of.Count > 0).ToList();
            if (asked.Count == 0)
            {
                break;
            }

            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new(Settings));
            foreach (var (kind, through, of) in asked)
            {
                var command = new NpgsqlBatchCommand { Parameters = { Sql.Array(NpgsqlDbType.Uuid, of.Select(find => find.Id).ToArray()) } };
                command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                    SELECT id, {through.Column} FROM {kind.Kind.From} WHERE {through.Column} = ANY ($1) AND ({kind.Scope()?.AddTo(command.Parameters) ?? "true"})
                    ORDER BY array_position($1, {through.Column}), id DESC LIMIT {limit}
                    """);
                batch.BatchCommands.Add(command);
            }

            var more = new List<SearchFind>();
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            foreach (var (kind, through, _) in asked)
            {
                await reader.NextResultAsync(cancellation);
                for (var place = 0; await reader.ReadAsync(cancellation); place++)
                {
                    var by = known[(through.Table, reader.GetGuid(1))];
                    var find = new SearchFind(kind.Kind.Table, reader.GetGuid(0), ThroughTier, -place) { By = by.By ?? (by.Type, by.Id) };
                    if (known.TryAdd((find.Type, find.Id), find))
                    {
                        more.Add(find);
                    }
                }
            }

            await reader.NextResultAsync(cancellation);
            fresh = more;
        }

        return [.. known.Values];
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
        var rows = chosen.Select(find => (find.Type, find.Id)).Concat(chosen.Select(find => find.By).OfType<(string Type, Guid Id)>()).Distinct().ToLookup(row => row.Type, row => row.Id);
        var shown = kinds.Select(kind => (kind.Kind, Ids: rows[kind.Kind.Table].ToArray()))
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
        return [.. chosen.Where(find => texts.ContainsKey((find.Type, find.Id))).Select(find => new SearchHit(find.Type, find.Id, Shown(find)))];

        // What it was found through, which its finder sees, says why it is there.
        SearchText Shown(SearchFind find) =>
            texts[(find.Type, find.Id)] is var text && find.By is { } by && string.IsNullOrEmpty(text.Subtitle) && texts.TryGetValue(by, out var other)
                ? text with { Subtitle = other.Title }
                : text;
    }
}
