using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Search;

/// <summary>
/// Remembers which scopes are small, for a few minutes: it decides from which side a search begins, and nothing else. To count anew for
/// each search would take longer than most searches.
/// </summary>
public sealed class ScopeSizes(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    // A scope is a caller's: as many as may search within those minutes.
    private const int MostKept = 5_000;

    private readonly ConcurrentDictionary<string, (long Rows, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The most rows of a small scope: looking each up takes as long as the hundred best of a large one.</summary>
    public int MostOfSmall { get; internal set; } = 10_000;

    /// <summary>Those of the kinds of which few rows are seen.</summary>
    internal async Task<IReadOnlySet<SearchedKind>> SmallAsync(NpgsqlConnection connection, IReadOnlyList<SearchedKind> kinds, CancellationToken cancellation)
    {
        var scoped = kinds.Select(kind => (Kind: kind, Scope: kind.Scope()!)).Where(kind => kind.Scope is not null)
            .Select(kind => (kind.Kind, kind.Scope, Key: KeyOf(kind.Kind, kind.Scope))).ToList();
        var now = time.GetUtcNow();
        var unknown = scoped.Where(kind => !_known.TryGetValue(kind.Key, out var known) || known.Until < now).ToList();
        if (unknown.Count > 0)
        {
            await CountAsync(connection, unknown, now, cancellation);
        }

        return scoped.Where(kind => _known.TryGetValue(kind.Key, out var known) && known.Rows <= MostOfSmall).Select(kind => kind.Kind).ToHashSet();
    }

    private async Task CountAsync(
        NpgsqlConnection connection, List<(SearchedKind Kind, ScopeCondition Scope, string Key)> unknown, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_known.Count + unknown.Count > MostKept)
        {
            _known.Clear();
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (kind, scope, _) in unknown)
        {
            var command = new NpgsqlBatchCommand();
            var parts = scope.AddAlternativesTo(command.Parameters).Select(condition => $"SELECT 1 FROM {kind.Kind.From} WHERE {condition}");
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"SELECT count(*) FROM (SELECT 1 FROM ({string.Join(" UNION ALL ", parts)}) part LIMIT {MostOfSmall + 1}) seen");
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var (_, _, key) in unknown)
        {
            await reader.ReadAsync(cancellation);
            _known[key] = (reader.GetInt64(0), now + Kept);
            await reader.NextResultAsync(cancellation);
        }
    }

    private static string KeyOf(SearchedKind kind, ScopeCondition scope)
    {
        var key = new StringBuilder(kind.Kind.Table).Append('|').Append(scope.Sql);
        foreach (var value in scope.Values)
        {
            key.Append('|').Append(value.Value is Array several ? string.Join(',', several.Cast<object>()) : value.Value);
        }

        return key.ToString();
    }
}
