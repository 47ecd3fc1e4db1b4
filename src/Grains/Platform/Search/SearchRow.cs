using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Search;

/// <summary>What a command changes of what an entity is found by; written in the command's transaction, one statement a group.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="EntityType">The entity's table.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The version that the command makes.</param>
/// <param name="Entry">What it is found by; null where it is no more.</param>
/// <param name="Gone">Words that it was found by and is not any more, with blanks between them: the last to have one takes it out of <c>search_word</c>.</param>
internal sealed record SearchRow(Guid CommandId, string EntityType, Guid EntityId, long Version, SearchEntry? Entry, string Gone = "")
{
    // In one order, so that two transactions with the same new words wait for one another and never in a circle. Whoever writes words
    // shares a lock that who deletes them has alone, so that no word is deleted that somebody is about to have. A later version is
    // never overwritten by an earlier one: rows that were there before are filled in while commands go on.
    private static readonly string Write = $"""
        held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({WordRetention.LockKey})),
        spelling AS (
            INSERT INTO search_word (word) SELECT DISTINCT w.word FROM held, given, unnest(string_to_array(given.spelled, ' ')) AS w(word) WHERE w.word <> ''
            ORDER BY w.word ON CONFLICT DO NOTHING)
        INSERT INTO search_entry (entity_type, entity_id, version, title_folded, words)
        SELECT entity_type, entity_id, version, title_folded,
            words::tsvector || to_tsvector('dutch', prose) || CASE WHEN is_mixed THEN to_tsvector('english', prose) ELSE ''::tsvector END FROM given
        ON CONFLICT (entity_type, entity_id) DO UPDATE SET version = excluded.version, title_folded = excluded.title_folded, words = excluded.words
        WHERE search_entry.version <= excluded.version
        """;

    private const string Given = """
        unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[])
            AS t(command_id, entity_type, entity_id, version, title_folded, words, prose, spelled, is_mixed)
        """;

    private static readonly string UpsertSql = $"WITH given AS MATERIALIZED (SELECT t.* FROM {Given} WHERE {Commit.IsApplied("t.command_id")}), {Write}";

    private static readonly string DeleteSql = $"""
        DELETE FROM search_entry s USING unnest($1::uuid[], $2::text[], $3::uuid[]) AS t(command_id, entity_type, entity_id)
        WHERE s.entity_type = t.entity_type AND s.entity_id = t.entity_id AND {Commit.IsApplied("t.command_id")}
        """;

    private static readonly string LeaveSql = $"""
        INSERT INTO search_word_gone (word) SELECT DISTINCT w.word
        FROM unnest($1::uuid[], $2::text[]) AS t(command_id, gone), unnest(string_to_array(t.gone, ' ')) AS w(word) WHERE {Commit.IsApplied("t.command_id")}
        """;

    /// <summary>What lies between two states; null where the kind is not searched for, or is found by the same as before.</summary>
    public static SearchRow? Between<TState, TKind>(TState? before, TState? after, Guid id, long version, Guid commandId)
        where TState : class, IEntityState, new()
        where TKind : IEntityTable<TState> =>
        TKind.Findable is { } findable ? Between(findable, TKind.Rows.Table, before, after, id, version, commandId) : null;

    /// <inheritdoc cref="Between{TState, TKind}"/>
    public static SearchRow? Between<TState>(
        Func<TState, SearchText> findable, string table, TState? before, TState? after, Guid id, long version, Guid commandId) where TState : class
    {
        if (after is null)
        {
            return new(commandId, table, id, version, null, before is null ? "" : SearchEntry.Of(findable(before)).Spelled);
        }

        var (known, text) = (before is null ? null : findable(before), findable(after));
        if (known?.Same(text) == true)
        {
            return null;
        }

        var entry = SearchEntry.Of(text);
        return new(commandId, table, id, version, entry, known is null ? "" : SearchEntry.Of(known).WordsBeside(entry));
    }

    /// <summary>Writes those of a group whose commands took effect.</summary>
    public static void AppendTo(NpgsqlBatchCommandCollection commands, IReadOnlyList<SearchRow> rows)
    {
        var (kept, gone) = (rows.Where(row => row.Entry is not null).ToList(), rows.Where(row => row.Entry is null).ToList());
        if (kept.Count > 0)
        {
            commands.Add(WithValues(new(UpsertSql), kept));
        }

        if (gone.Count > 0)
        {
            commands.Add(new(DeleteSql)
            {
                Parameters =
                {
                    Sql.Column(gone, NpgsqlDbType.Uuid, row => row.CommandId),
                    Sql.Column(gone, NpgsqlDbType.Text, row => row.EntityType),
                    Sql.Column(gone, NpgsqlDbType.Uuid, row => row.EntityId),
                },
            });
        }

        var left = rows.Where(row => row.Gone.Length > 0).ToList();
        if (left.Count > 0)
        {
            commands.Add(new(LeaveSql) { Parameters = { Sql.Column(left, NpgsqlDbType.Uuid, row => row.CommandId), Sql.Column(left, NpgsqlDbType.Text, row => row.Gone) } });
        }
    }

    /// <summary>Writes rows that were there before they could be found, as far as they are there still.</summary>
    /// <param name="table">Their table as SQL names it.</param>
    /// <param name="rows">The rows.</param>
    public static NpgsqlBatchCommand FillIn(string table, IReadOnlyList<SearchRow> rows) => WithValues(
        new($"WITH given AS MATERIALIZED (SELECT t.* FROM {Given} JOIN {table} present ON present.id = t.entity_id FOR KEY SHARE OF present), {Write}"), rows);

    private static NpgsqlBatchCommand WithValues(NpgsqlBatchCommand command, IReadOnlyList<SearchRow> rows)
    {
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Uuid, row => row.CommandId));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Text, row => row.EntityType));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Uuid, row => row.EntityId));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Bigint, row => row.Version));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry!.TitleKey));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry!.Words));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry!.Prose));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry!.Spelled));
        command.Parameters.Add(Sql.Column(rows, NpgsqlDbType.Boolean, row => row.Entry!.IsMixed));
        return command;
    }
}
