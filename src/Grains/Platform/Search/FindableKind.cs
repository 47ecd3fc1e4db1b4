using System.Runtime.CompilerServices;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Search;

/// <summary>A kind that is searched for, as what is the same for all kinds knows it.</summary>
public abstract class FindableKind
{
    /// <summary>Its table, by which answers name it.</summary>
    public abstract string Table { get; }

    /// <summary>The table as SQL names it.</summary>
    public abstract string From { get; }

    /// <summary>Other kinds by whose finds it is found too.</summary>
    public abstract IReadOnlyList<FoundThrough> Through { get; }

    /// <summary>The rows of some ids.</summary>
    internal abstract NpgsqlBatchCommand Show(Guid[] ids);

    /// <summary>Reads the answer to <see cref="Show"/>.</summary>
    internal abstract IAsyncEnumerable<(Guid Id, SearchText Text)> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation);

    /// <summary>The next rows after an id, in the order of ids, as they are to be found.</summary>
    internal abstract Task<IReadOnlyList<SearchRow>> NextAsync(NpgsqlConnection connection, Guid after, int count, CancellationToken cancellation);
}

/// <inheritdoc/>
/// <typeparam name="TState">The row.</typeparam>
/// <typeparam name="TKind">The kind, which declares <see cref="IEntityTable{TState}.Findable"/>.</typeparam>
public sealed class FindableKind<TState, TKind> : FindableKind
    where TState : class, IEntityState, new()
    where TKind : IEntityTable<TState>
{
    private static readonly Func<TState, SearchText> Text =
        TKind.Findable ?? throw new InvalidOperationException($"{typeof(TKind).Name} does not say by what it is found.");

    private static readonly string ShowSql = $"SELECT {TKind.Rows.ColumnList} FROM {TKind.Rows.From} WHERE id = ANY ($1)";

    private static readonly string NextSql = $"SELECT {TKind.Rows.ColumnList} FROM {TKind.Rows.From} WHERE id > $1 ORDER BY id LIMIT $2";

    /// <inheritdoc/>
    public override string Table => TKind.Rows.Table;

    /// <inheritdoc/>
    public override string From => TKind.Rows.From;

    /// <inheritdoc/>
    public override IReadOnlyList<FoundThrough> Through => TKind.FoundThrough;

    internal override NpgsqlBatchCommand Show(Guid[] ids) => new(ShowSql) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, ids) } };

    internal override async IAsyncEnumerable<(Guid Id, SearchText Text)> ReadAsync(
        NpgsqlDataReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            var state = TKind.Rows.Read(reader);
            yield return (state.Id, Text(state));
        }
    }

    internal override async Task<IReadOnlyList<SearchRow>> NextAsync(NpgsqlConnection connection, Guid after, int count, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(NextSql, connection) { Parameters = { Sql.Uuid(after), Sql.Integer(count) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<SearchRow>(count);
        while (await reader.ReadAsync(cancellation))
        {
            var state = TKind.Rows.Read(reader);
            rows.Add(new(Guid.Empty, TKind.Rows.Table, state.Id, state.Version, SearchEntry.Of(Text(state))));
        }

        return rows;
    }
}
