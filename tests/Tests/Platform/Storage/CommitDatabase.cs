using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

/// <summary>A database of a test's own, and a silo's group commit on it.</summary>
internal sealed class CommitDatabase : IAsyncDisposable
{
    private CommitDatabase(TestDatabase database)
    {
        (Database, Source) = (database, NpgsqlDataSource.Create(database.ConnectionString));
        Commits = CommitsOn(Source);
    }

    public TestDatabase Database { get; }

    public NpgsqlDataSource Source { get; }

    public GroupCommit Commits { get; }

    public static async Task<CommitDatabase> StartAsync()
    {
        var database = new CommitDatabase(await PostgresServer.CreateDatabaseAsync());
        await database.Commits.StartAsync(CancellationToken.None);
        return database;
    }

    /// <summary>A group commit that is yet to be started. Its publisher never is: what it is told stays in its queue, so it needs no cluster.</summary>
    public static GroupCommit CommitsOn(NpgsqlDataSource source, GroupCommitOptions? options = null) => new(
        source, new ChangePublisher(null!, NullLogger<ChangePublisher>.Instance), new DueSignal(), Options.Create(options ?? new()), NullLogger<GroupCommit>.Instance);

    public async ValueTask DisposeAsync()
    {
        await Commits.StopAsync(CancellationToken.None);
        Commits.Dispose();
        await Source.DisposeAsync();
        await Database.DisposeAsync();
    }
}
