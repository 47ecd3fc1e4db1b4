using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>Reads of a kind past its grains: pages of its list, and whether a row is within a scope.</summary>
public sealed class EntityQueries<TState, TDetails, TKind>(NpgsqlDataSource source)
    where TState : class, TDetails, IEntityState, new()
    where TDetails : class
    where TKind : IEntityKind<TState, TDetails>
{
    /// <summary>A page, each entity with its parts.</summary>
    public async Task<Page<TState>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var page = await query.RunAsync(source, TKind.Rows.ColumnList, TKind.Rows.From, TKind.Rows.Read, cancellation);
        if (TKind.Parts.Count == 0 || page.Items.Count == 0)
        {
            return page;
        }

        await using var batch = source.CreateBatch();
        foreach (var part in TKind.Parts)
        {
            batch.BatchCommands.Add(part.Select([.. page.Items.Select(item => item.Id)]));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var items = page.Items;
        foreach (var part in TKind.Parts)
        {
            items = await part.ReadAsync(items, reader, cancellation);
            await reader.NextResultAsync(cancellation);
        }

        return page with { Items = items };
    }

    /// <summary>Whether there is a row by that id within the query's filters: a reference to it may be set by whoever sees it.</summary>
    public async Task<bool> ContainsAsync(ListQuery query, Guid id, CancellationToken cancellation)
    {
        var one = query with { Limit = 1, After = null, Filters = [.. query.Filters, ("id", Sql.Uuid(id))] };
        return (await one.RunAsync(source, "id", TKind.Rows.From, static row => row.GetGuid(0), cancellation)).Items.Count == 1;
    }
}
