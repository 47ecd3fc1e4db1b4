using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

public sealed class MigrationRunnerTests : IAsyncLifetime
{
    private static readonly Migration First = new(1, "0001_first", "CREATE TABLE first (id integer);");
    private static readonly Migration Second = new(2, "0002_second", "CREATE TABLE second (id integer);");

    private MigrationDatabase _database = null!;

    public async Task InitializeAsync() => _database = await MigrationDatabase.EmptyAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Run_OnAnEmptyDatabase_AppliesEveryMigrationAndJournalsIt()
    {
        var applied = await new MigrationRunner(_database.Source, NullLogger<MigrationRunner>.Instance)
            .RunAsync(CancellationToken.None);

        Assert.Equal(Migration.Embedded().Count, applied);
        Assert.Equal(
            Migration.Embedded().Select(migration => $"{migration.Name} {migration.Checksum}"),
            await _database.LinesAsync("SELECT name || ' ' || checksum FROM schema_migration ORDER BY number"));
    }

    /// <summary>Since 0019 a name alone finds partners' roles too: what a migration grants by name must not be granted to them.</summary>
    [Fact]
    public void Migration_ThatNamesARole_NamesTheCompanys() => Assert.All(
        Migration.Embedded().Where(migration => migration.Number > 19).SelectMany(migration => migration.Sql.Split(';'))
            .Where(statement => statement.Contains("user_role", StringComparison.Ordinal) && statement.Contains("role_name", StringComparison.Ordinal)
                && statement.Contains("WHERE", StringComparison.Ordinal)),
        statement => Assert.Contains("partner_organization_id IS NULL", statement, StringComparison.Ordinal));

    [Fact]
    public async Task Run_Again_AppliesNothing()
    {
        await RunAsync(First, Second);

        Assert.Equal(0, await RunAsync(First, Second));
    }

    [Fact]
    public async Task Run_WithANewMigration_AppliesItAlone()
    {
        await RunAsync(First);

        Assert.Equal(1, await RunAsync(First, Second));
    }

    [Fact]
    public async Task Run_WithAChangedMigration_RefusesItByName()
    {
        await RunAsync(First, Second);

        var refused = await Assert.ThrowsAsync<StartupException>(
            () => RunAsync(First, Second with { Sql = "CREATE TABLE other (id integer);" }));

        Assert.Contains("0002_second was changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithOtherLineEnds_TakesItForTheSame()
    {
        await RunAsync(new Migration(1, "0001_first", "SELECT 1;\nSELECT 2;\n"));

        Assert.Equal(0, await RunAsync(new Migration(1, "0001_first", "SELECT 1;\r\nSELECT 2;\r\n")));
    }

    [Fact]
    public async Task Run_OnANewerDatabase_RefusesItByName()
    {
        await RunAsync(First, Second);

        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(First));

        Assert.Contains("0002_second", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer than the program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAGapInTheNumbers_RefusesItByName()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => RunAsync(First, Second with { Number = 3, Name = "0003_second" }));

        Assert.Contains("0003_second should have the number 0002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithANumberUsedTwice_RefusesItByName()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => RunAsync(First, Second with { Number = 1, Name = "0001_second" }));

        Assert.Contains("0001_second should have the number 0002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnAJournalWithAGap_RefusesTheMissingOneByName()
    {
        await RunAsync(First, Second);
        await _database.ExecuteAsync("DELETE FROM schema_migration WHERE number = 1");

        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(First, Second));

        Assert.Contains("0001_first was never applied", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAMigrationThatFails_LeavesNothingOfItAndKeepsThoseBefore()
    {
        var broken = new Migration(2, "0002_broken", "CREATE TABLE half (id integer); SELECT 1 / 0;");

        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(First, broken));

        Assert.Contains("0002_broken", refused.Message, StringComparison.Ordinal);
        Assert.Contains("division by zero", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["0001_first"], await _database.LinesAsync("SELECT name FROM schema_migration"));
        Assert.True(await _database.ScalarAsync<bool>("SELECT to_regclass('half') IS NULL"));
        Assert.Equal(1, await RunAsync(First, Second));
    }

    [Fact]
    public async Task Run_WhereAnExtensionIsMissing_SaysWhatToInstall()
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() =>
            RunAsync(new Migration(1, "0001_extension", "CREATE EXTENSION no_such_extension")));

        Assert.Contains("0001_extension", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no_such_extension", fault.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql-contrib", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ByTwoHostsAtOnce_AppliesEachMigrationOnce()
    {
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);

        var applied = await Task.WhenAll(
            new[] { _database.Source, other, _database.Source }.Select(source => Task.Run(() =>
                new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None))));

        Assert.Equal(Migration.Embedded().Count, applied.Sum());
        Assert.Equal(2, applied.Count(count => count == 0));
    }

    [Fact]
    public async Task Run_WhileAnotherMigrates_WaitsAndFindsNothingToDo()
    {
        await using var other = await _database.Source.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationRunner.LockKey})", other))
            await take.ExecuteNonQueryAsync();
        var waiting = RunAsync(First);
        await WaitForALockAsync();
        await using (var migrate = new NpgsqlCommand(
            $"""
            CREATE TABLE first (id integer);
            CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(), duration interval NOT NULL);
            INSERT INTO schema_migration VALUES (1, '0001_first', '{First.Checksum}', now(), '1 s');
            """,
            other))
        {
            await migrate.ExecuteNonQueryAsync();
        }

        // Apart, as a batch is one transaction: within it, the lock would be free before the tables are there.
        await using (var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({MigrationRunner.LockKey})", other))
            await release.ExecuteNonQueryAsync();

        Assert.Equal(0, await waiting);
    }

    private Task<int> RunAsync(params Migration[] migrations) =>
        new MigrationRunner(_database.Source, NullLogger<MigrationRunner>.Instance, migrations)
            .RunAsync(CancellationToken.None);

    private Task WaitForALockAsync() => Patience.UntilAsync(
        () => _database.ScalarAsync<bool>("""
            SELECT EXISTS (
                SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND NOT granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """),
        "somebody waits for the lock");
}
