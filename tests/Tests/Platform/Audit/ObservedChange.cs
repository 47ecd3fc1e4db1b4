using System.Text.Json.Nodes;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Audit;

/// <summary>A change of a row as PostgreSQL itself saw it, by a trigger that no code of the program knows of.</summary>
/// <param name="Table">The row's table.</param>
/// <param name="Operation">INSERT, UPDATE or DELETE.</param>
/// <param name="Before">The row before; null of an insert.</param>
/// <param name="After">The row after; null of a deletion.</param>
/// <param name="Transaction">The transaction that made it.</param>
internal sealed record ObservedChange(string Table, string Operation, JsonObject? Before, JsonObject? After, string Transaction)
{
    private const string TablesSql = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'orleans') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        """;

    private const string ObserverSql = """
        CREATE SCHEMA observer;
        CREATE TABLE observer.change (
            number bigint GENERATED ALWAYS AS IDENTITY, table_name text, operation text, before jsonb, after jsonb, transaction text);
        CREATE FUNCTION observer.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO observer.change (table_name, operation, before, after, transaction)
            VALUES (TG_ARGV[0], TG_OP, to_jsonb(OLD), to_jsonb(NEW), pg_current_xact_id()::xid::text);
            RETURN NULL;
        END
        $$;
        """;

    private JsonObject Row => (After ?? Before)!;

    public Guid? IdOf(string column) => Row[column]?.GetValue<string>() is { } id ? Guid.Parse(id) : null;

    /// <summary>The columns that differ; of a new row those that have a value.</summary>
    public IEnumerable<string> Columns => Row.Select(column => column.Key).Where(name => !JsonNode.DeepEquals(Before?[name], After?[name]));

    /// <summary>From now on every change of every row is noted, but for the audit's own and those of <see cref="AsideAsync"/>.</summary>
    public static async Task StartAsync(TestDatabase database)
    {
        await ExecuteAsync(database, ObserverSql);
        foreach (var table in await TablesAsync(database))
        {
            if (table is not "public.audit_log")
            {
                await ExecuteAsync(database, $"CREATE TRIGGER observe AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION observer.note('{table.Split('.')[1].Trim('"')}')");
            }
        }
    }

    /// <summary>Every table that there is, with its schema; partitions are their parents'.</summary>
    public static async Task<List<string>> TablesAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand(TablesSql);
        await using var row = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await row.ReadAsync())
        {
            tables.Add(row.GetString(0));
        }

        return tables;
    }

    /// <summary>What a test itself writes, without any trigger.</summary>
    public static Task AsideAsync(TestDatabase database, string sql) =>
        ExecuteAsync(database, $"BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT");

    public static async Task<List<ObservedChange>> ReadAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT table_name, operation, before::text, after::text, transaction FROM observer.change ORDER BY number");
        await using var row = await command.ExecuteReaderAsync();
        var changes = new List<ObservedChange>();
        while (await row.ReadAsync())
        {
            changes.Add(new(row.GetString(0), row.GetString(1), Json(row, 2), Json(row, 3), row.GetString(4)));
        }

        return changes;
    }

    internal static JsonObject? Json(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : JsonNode.Parse(row.GetString(column))!.AsObject();

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
