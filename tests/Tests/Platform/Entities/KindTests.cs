using System.Reflection;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>What holds for every kind of entity.</summary>
public sealed class KindTests
{
    public static TheoryData<string> All => Kinds.Names;

    /// <summary>Against the migrated schema: a property without a column, a column without a property, a wrong type.</summary>
    [Fact]
    public async Task Record_OfEveryTable_HasItsColumnsAndNoOther()
    {
        const string Columns = """
            SELECT a.attrelid::regclass::text, a.attname::text, format_type(a.atttypid, NULL)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped
            """;
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var command = database.DataSource.CreateCommand(Columns);
        var actual = new List<(string Table, string Column, string Type)>();
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                actual.Add((row.GetString(0).Trim('"'), row.GetString(1), row.GetString(2)));
            }
        }

        var mapped = Kinds.All.Values.SelectMany(kind => kind.Parts.Prepend(kind.Table)
            .Select(table => (table, others: table == kind.Table ? kind.ColumnsOfOthers : [])));
        mapped = mapped.Concat(ChargeCars.Catalogue.Stock.StockTables.All.Select(table => (table, others: (IReadOnlyList<string>)[])));
        Assert.All(mapped, pair => Assert.Equal(
            actual.Where(column => column.Table == pair.table.Table && !pair.others.Contains(column.Column))
                .Select(column => $"{column.Column} {column.Type}").Order(StringComparer.Ordinal),
            pair.table.Columns.Select(column => $"{column.Name} {column.SqlType}").Order(StringComparer.Ordinal)));
    }

    /// <summary>A revision can't lose what its editor can't set: every such column is set first, and is the same after.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Revision_OfEveryKind_KeepsWhatAnEditorCannotSet(string table)
    {
        if (table == "api_key")
        {
            return; // A key is made, rotated and revoked; nobody revises it.
        }

        var kind = Kinds.All[table];
        if (kind.Details is null)
        {
            Assert.Contains(table, new[] { "call", "call_back", "communication_message", "user_account" }); // changed by their own commands only
            return;
        }

        typeof(KindTests).GetMethod(nameof(Revise), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(kind.State, kind.Details).Invoke(null, [kind.Table]);
    }

    private static void Revise<TState, TDetails>(IRowMapping table)
        where TState : class, TDetails, IEntityState, new()
        where TDetails : class, new()
    {
        var rows = (RowMapping<TState>)table;
        var state = new TState();
        foreach (var property in typeof(TState).GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(state, SampleValue.Of(property.PropertyType));
        }

        var revised = EntityDetails<TState, TDetails>.Into(state, new TDetails());

        var editable = typeof(TDetails).GetProperties().Select(property => property.Name).ToHashSet();
        var kept = rows.Columns.Where(column => !editable.Contains(column.Property)).ToList();
        Assert.Contains(kept, column => column.Name == "id");
        Assert.All(kept, column => Assert.True(column.Same(state, revised), column.Name));
        Assert.Contains(rows.Columns.Where(column => editable.Contains(column.Property)), column => !column.Same(state, revised));
    }
}
