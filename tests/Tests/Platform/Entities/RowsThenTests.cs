using System.Text.Json;
using ChargeCars.Orders.Teams;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Missed;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>The rows of a moment: rebuilt from the life that they live, and only those that are asked for.</summary>
public sealed class RowsThenTests
{
    private const int Rows = 200;

    private static readonly string Then = RowsThen.Of(CallBackKind.Rows, "$1", null, null, "caller", "note");

    /// <summary>A row was deleted and made again under its id: the versions of the former one are not its own.</summary>
    [Fact]
    public async Task Row_ThatWasMadeAgain_HasTheVersionOfThisLife()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var id = Guid.NewGuid();
        await database.ScalarAsync($"""
            INSERT INTO call_back (id, caller, note, created_at, updated_at, version) VALUES ('{id}', '+31612345678', 'now', now() - interval '1 hour', now(), 2);
            INSERT INTO audit_log (id, table_name, record_id, action, old_values, business_context, created_at) VALUES
                (gen_random_uuid(), 'call_back', '{id}', 'CREATE', NULL, jsonb_build_object('version', 1), now() - interval '3 days'),
                (gen_random_uuid(), 'call_back', '{id}', 'UPDATE', jsonb_build_object('done_at', NULL), jsonb_build_object('version', 8), now() - interval '2 days'),
                (gen_random_uuid(), 'call_back', '{id}', 'DELETE', jsonb_build_object('done_at', now()), jsonb_build_object('version', 9), now() - interval '1 day'),
                (gen_random_uuid(), 'call_back', '{id}', 'CREATE', NULL, jsonb_build_object('version', 1), now() - interval '1 hour'),
                (gen_random_uuid(), 'call_back', '{id}', 'UPDATE', jsonb_build_object('done_at', NULL), jsonb_build_object('version', 2), now());
            """);

        Assert.Equal(1L, await database.ScalarAsync($"SELECT version FROM ({Then}) past", DateTimeOffset.UtcNow.AddMinutes(-30)));
        Assert.Equal(0L, await database.ScalarAsync($"SELECT count(*) FROM ({Then}) past", DateTimeOffset.UtcNow.AddHours(-36)));
    }

    /// <summary>A row that was loaded beside the grains has no audit of its making: the first change says which version it found.</summary>
    [Fact]
    public async Task Row_WhoseMakingIsNotOnRecord_HasTheVersionThatTheFirstChangeFound()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await AddAsync(database, 1);

        Assert.Equal(1L, await database.ScalarAsync($"SELECT version FROM ({Then}) past", DateTimeOffset.UtcNow.AddMinutes(-30)));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM (ROWS) past WHERE id = '00000000-0000-7000-8000-000000000007'", null)]
    [InlineData("SELECT count(*) FROM (ROWS) past WHERE caller = ANY (ARRAY['+31600000007'])", null)]
    [InlineData("SELECT count(*) FROM (ROWS) past", "it.business_entity = 'zaptecshop'")]
    [InlineData("SELECT count(*) FROM (VALUES ('00000000-0000-7000-8000-000000000007'::uuid)) one (id) CROSS JOIN LATERAL (ROWS) past", "it.id = one.id")]
    public async Task Rows_ThatAreNotAskedFor_AreNotRebuilt(string query, string? which)
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await AddAsync(database, Rows);
        var text = query.Replace("ROWS", RowsThen.Of(CallBackKind.Rows, "$1", which, null, "caller", "note"), StringComparison.Ordinal);

        Assert.Equal(1L, await database.ScalarAsync(text, DateTimeOffset.UtcNow.AddMinutes(-30)));
        // Once for what it was and twice for its version, as its making is not on record.
        Assert.InRange(await LooksAsync(database, text), 1, 3);
    }

    /// <summary>A reading of a list asks for what may be asked of the rows of then by name: all that the record has.</summary>
    [Fact]
    public void Query_HasEveryColumnOfTheRecord_InTheirOrder()
    {
        var text = RowsThen.Of(TeamKind.Rows, "$1", null, null);

        Assert.StartsWith($"SELECT {TeamKind.Rows.ColumnListOf("it")} FROM", text, StringComparison.Ordinal);
    }

    private static Task<object?> AddAsync(TestDatabase database, int rows) => database.ScalarAsync($"""
        INSERT INTO call_back (id, caller, business_entity, created_at, updated_at, version)
        SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '+316' || lpad(n::text, 8, '0'),
            CASE WHEN n = 7 THEN 'zaptecshop' ELSE 'chargecars' END, now() - interval '1 hour', now(), 2 FROM generate_series(1, {rows}) n;
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, business_context, created_at)
        SELECT gen_random_uuid(), 'call_back', id, 'UPDATE', jsonb_build_object('done_at', NULL), jsonb_build_object('version', 2), now() FROM call_back;
        ANALYZE call_back, audit_log;
        """);

    /// <summary>How often the audit is looked into.</summary>
    private static async Task<double> LooksAsync(TestDatabase database, string query)
    {
        using var plan = JsonDocument.Parse((string)(await database.ScalarAsync($"EXPLAIN (ANALYZE, FORMAT JSON) {query}", DateTimeOffset.UtcNow.AddMinutes(-30)))!);
        return Nodes(plan.RootElement[0].GetProperty("Plan"))
            .Where(node => node.TryGetProperty("Relation Name", out var name) && name.GetString() == "audit_log").Sum(node => node.GetProperty("Actual Loops").GetDouble());
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        [node, .. node.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes) : []];
}
