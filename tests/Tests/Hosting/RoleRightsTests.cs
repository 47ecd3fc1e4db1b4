using ChargeCars.Platform.Secrets;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using ChargeCars.Tests.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Tests.Hosting;

/// <summary>What a start makes of the rights that it finds.</summary>
public sealed class RoleRightsTests : IAsyncLifetime, IDisposable
{
    private readonly MasterKey _master = MasterKey.Load(
        new ConfigurationBuilder().AddInMemoryCollection([new(MasterKey.Key, Convert.ToBase64String(new byte[32]))]).Build(), "", isFirstStart: false);

    private readonly KeptLog _log = new();
    private TestDatabase _database = null!;
    private string _application = "";
    private string _role = "";

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await StartAsync();
        _role = new NpgsqlConnectionStringBuilder(_application).Username!;
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("GRANT UPDATE ON audit_log TO {0}", "UPDATE audit_log SET change_summary = ''")]
    [InlineData("GRANT UPDATE (change_summary) ON audit_log TO {0}", "UPDATE audit_log SET change_summary = ''")]
    [InlineData("GRANT ALL ON status_transition TO {0}", "DELETE FROM status_transition")]
    [InlineData("GRANT ALL ON status_transition TO {0}", "TRUNCATE status_transition")]
    [InlineData("GRANT DELETE ON audit_log TO PUBLIC", "DELETE FROM audit_log")]
    [InlineData("GRANT INSERT ON schema_migration TO {0}", "INSERT INTO schema_migration (number, name, checksum, duration) VALUES (0, '', '', '0')")]
    [InlineData("GRANT TRUNCATE ON vehicle TO {0}", "TRUNCATE vehicle CASCADE")]
    [InlineData("GRANT CREATE ON SCHEMA public TO {0}", "CREATE TABLE of_a_test ()")]
    public async Task Start_ARoleThatWasGivenMore_TakesItBack(string given, string sql)
    {
        await OwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, given, _role));

        await StartAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ApplicationAsync(sql));
        Assert.Contains("permission denied", refused.MessageText, StringComparison.Ordinal);
    }

    /// <summary>They made a restored audit_log writable: it is made anew, and a start of before this gave them.</summary>
    [Fact]
    public async Task Start_RightsOnTablesThatAreYetToBeMade_AreTakenBack()
    {
        await OwnerAsync($"ALTER DEFAULT PRIVILEGES IN SCHEMA public, orleans GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {_role}");

        await StartAsync();

        await OwnerAsync("CREATE TABLE later ()");
        await Assert.ThrowsAsync<PostgresException>(() => ApplicationAsync("SELECT FROM later"));
    }

    [Theory]
    [InlineData("REVOKE ALL ON vehicle FROM {0}", "SELECT 1 FROM vehicle")]
    [InlineData("REVOKE ALL ON SCHEMA orleans FROM {0}", "SELECT 1 FROM orleans.OrleansQuery")]
    [InlineData("ALTER TABLE geofence RENAME TO geofence_of_before; CREATE TABLE geofence (LIKE geofence_of_before INCLUDING ALL)", "INSERT INTO geofence SELECT * FROM geofence_of_before")]
    public async Task Start_ARoleThatLacksARight_GivesIt(string taken, string sql)
    {
        await OwnerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, taken, _role));
        await Assert.ThrowsAsync<PostgresException>(() => ApplicationAsync(sql));

        await StartAsync();

        await ApplicationAsync(sql);
    }

    [Fact]
    public async Task Start_Again_WritesNothing()
    {
        const string Written = "SELECT sum(xmin::text::bigint) FROM pg_class WHERE relacl IS NOT NULL";
        var before = await CountAsync(Written);

        await StartAsync();

        Assert.Equal(before, await CountAsync(Written));
    }

    /// <summary>A right that comes with a membership is not the owner's to take: whoever gave it hears of it.</summary>
    [Fact]
    public async Task Start_ARoleThatMayRewriteHistoryInAnotherWay_SaysSo()
    {
        var other = $"other_{Guid.NewGuid():n}";
        await OwnerAsync($"CREATE ROLE {other}; GRANT UPDATE ON audit_log TO {other}; GRANT {other} TO {_role}");

        await StartAsync();

        Assert.Contains($"{_role} may change audit_log,", _log.Text, StringComparison.Ordinal);
        await OwnerAsync($"DROP OWNED BY {other}; DROP ROLE {other}");
    }

    /// <summary>What a trigger keeps from being rewritten, the role has no right to rewrite either.</summary>
    [Fact]
    public async Task Table_WithAnAppendOnlyTrigger_IsOneWhoseRowsTheRoleMayNotRewrite()
    {
        const string Writable = """
            SELECT count(*) FROM pg_trigger t
            WHERE t.tgfoid = 'refuse_rewriting_history'::regproc
                AND (t.tgtype & 16 > 0 AND has_any_column_privilege('{0}', t.tgrelid, 'UPDATE') OR t.tgtype & 8 > 0 AND has_table_privilege('{0}', t.tgrelid, 'DELETE'))
            """;

        Assert.Equal(0, await CountAsync(Writable.Replace("{0}", _role, StringComparison.Ordinal)));
    }

    private async Task StartAsync() =>
        _application = (await ApplicationRole.EnsureAsync(_database.DataSource, _database.ConnectionString, _master, _log.CreateLogger("test"), CancellationToken.None))!;

    private async Task<long> CountAsync(string sql) => Convert.ToInt64(await _database.ScalarAsync(sql), System.Globalization.CultureInfo.InvariantCulture);

    private Task OwnerAsync(string sql) => ExecuteAsync(_database.ConnectionString, sql);

    private Task ApplicationAsync(string sql) => ExecuteAsync(_application, sql);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
