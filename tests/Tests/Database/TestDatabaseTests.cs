using ChargeCars.Testing;

namespace ChargeCars.Tests.Database;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task CreateDatabase_Twice_GivesEachItsOwn()
    {
        await using var one = await PostgresServer.CreateDatabaseAsync();
        await using var other = await PostgresServer.CreateDatabaseAsync();

        await using var create = one.DataSource.CreateCommand("CREATE TABLE mine (id int)");
        await create.ExecuteNonQueryAsync();

        await using var look = other.DataSource.CreateCommand("SELECT to_regclass('mine') IS NULL");
        Assert.True((bool)(await look.ExecuteScalarAsync())!);
    }
}
