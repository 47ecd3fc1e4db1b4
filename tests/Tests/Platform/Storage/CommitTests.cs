using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

public sealed class CommitTests
{
    /// <summary>As when a group is split: the first connection had prepared the statement, the second something else by that name.</summary>
    [Fact]
    public async Task Statement_RenewedAndExecutedOnAnotherConnection_IsStillItself()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var prepares = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2, NoResetOnClose = true };
        await using var source = NpgsqlDataSource.Create(prepares.ConnectionString);
        await using var first = await source.OpenConnectionAsync();
        await using var second = await source.OpenConnectionAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("mine 1", await ExecuteAsync(first, Mine()));
            Assert.Equal("other 1", await ExecuteAsync(second, new("SELECT 'other ' || $1::integer") { Parameters = { Sql.Integer(1) } }));
        }

        var commit = new StatementCommit<bool>(Guid.NewGuid(), Guid.NewGuid(), Mine(), static (_, _) => ValueTask.FromResult(true));
        Assert.Equal("mine 1", await ExecuteAsync(first, commit.Statement!));
        commit.Renew();

        Assert.Equal("mine 1", await ExecuteAsync(second, commit.Statement!));
    }

    private static NpgsqlBatchCommand Mine() => new("SELECT 'mine ' || $1::integer") { Parameters = { Sql.Integer(1) } };

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand statement)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { statement } };
        return await batch.ExecuteScalarAsync();
    }
}
