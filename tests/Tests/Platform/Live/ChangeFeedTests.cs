using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using ChargeCars.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Live;

public sealed class ChangeFeedTests
{
    /// <summary>
    /// On a clock that only the test moves. The worst case: the stream brought another change just before, so the next
    /// poll still believes in it and only the one after reads.
    /// </summary>
    [Fact]
    public async Task Change_WhosePublisherDied_IsDeliveredWithinASecond()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var (time, options) = (new FakeTimeProvider(), new LiveOptions());
        await using var recorder = await FeedRecorder.StartAsync(source, options, time);
        await source.ChangeAsync(count: 2);
        var (rows, _) = await new ChangeRows(source).AfterAsync(0, CancellationToken.None);
        recorder.Feed.Take(new ChangesCommitted([rows[0]]));
        Assert.Equal([1L], await recorder.TakeAsync(1));
        var lost = time.GetUtcNow();

        time.Advance(options.PollInterval);
        time.Advance(options.PollInterval);

        Assert.Equal([2L], await recorder.TakeAsync(1));
        Assert.True(time.GetUtcNow() - lost < TimeSpan.FromSeconds(1), $"The default poll interval is {options.PollInterval}.");
    }

    [Fact]
    public async Task Changes_PublishedInAnyOrderAndWithHoles_AreDeliveredOnceInOrder()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var recorder = await FeedRecorder.StartAsync(source);
        await source.ChangeAsync(count: 100);
        var (rows, _) = await new ChangeRows(source).AfterAsync(0, CancellationToken.None);
        foreach (var sequence in new[] { 5, 3, 3, 90, 1, 2, 7, 5 })
        {
            recorder.Feed.Take(new ChangesCommitted([rows[sequence - 1]]));
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(n => (long)n), await recorder.TakeAsync(100));
        Assert.Equal(100, recorder.Feed.Head);
    }

    [Fact]
    public async Task Changes_FromTheStream_NeedNoReading()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        // An interval that never ends shows that it was not the poll.
        await using var recorder = await FeedRecorder.StartAsync(source, new LiveOptions { PollInterval = TimeSpan.FromHours(1), HoleGrace = TimeSpan.FromHours(1) });
        recorder.Feed.Take(new ChangesCommitted([ChangeSequencerTests.Change(1), ChangeSequencerTests.Change(2)]));
        Assert.Equal([1L, 2L], await recorder.TakeAsync(2));
    }

    [Fact]
    public async Task Database_RestoredToAnEarlierState_ResetsEveryListener()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await source.ChangeAsync(count: 10);
        await using var recorder = await FeedRecorder.StartAsync(source);
        await source.RunAsync("DELETE FROM change_event WHERE sequence > 4");
        Assert.Contains("restored", await recorder.WasReset.Task.WaitAsync(FeedRecorder.Patience), StringComparison.Ordinal);
        await source.ChangeAsync();
        Assert.Equal([5L], await recorder.TakeAsync(1));
    }

    [Fact]
    public async Task Database_AwayForAWhile_IsReadOnceItIsBack()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var recorder = await FeedRecorder.StartAsync(source);
        await source.RunAsync("ALTER TABLE change_event RENAME TO away");
        await recorder.Feed.Started;
        recorder.Feed.Take(new ChangesCommitted([ChangeSequencerTests.Change(1)]));
        Assert.Equal([1L], await recorder.TakeAsync(1));
        await source.RunAsync("ALTER TABLE away RENAME TO change_event");
        await source.ChangeAsync(count: 3);
        Assert.Equal([2L, 3L], await recorder.TakeAsync(2));
    }

    /// <summary>
    /// The guarantee that everything rests on: with 64 connections committing, a reader that starts again at the last
    /// sequence it saw, whenever that was, never misses a change that became visible later under a smaller number.
    /// </summary>
    [Fact]
    public async Task Reader_ResumingAtRandomWhile64ConnectionsCommit_NeverMissesAChange()
    {
        const int Writers = 64;
        const int EachCommits = 25;
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = Writers + 10 }.ConnectionString);
        await using var recorder = await FeedRecorder.StartAsync(source);
        var rows = new ChangeRows(source);
        var expected = 0;
        var writers = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var random = new Random(writer);
            for (var i = 0; i < EachCommits; i++)
            {
                var count = random.Next(1, 4);
                Interlocked.Add(ref expected, count);
                await Task.Yield();
                await source.ChangeAsync(count: count, data: $$"""{"writer":{{writer}}}""");
            }
        }));

        var seen = new List<long>();
        var pace = new Random(7);
        while (true)
        {
            var ended = writers.IsCompleted;
            var (page, maximum) = await rows.AfterAsync(seen.Count == 0 ? 0 : seen[^1], CancellationToken.None);
            // Part of a page, as a client that lost its connection in the middle of it.
            var part = page.Take(ended ? page.Count : pace.Next(0, page.Count + 1)).Select(change => change.Sequence).ToArray();
            seen.AddRange(part);
            if (ended && (seen.Count == 0 ? 0 : seen[^1]) == maximum)
            {
                break;
            }
        }

        await writers;
        var all = Enumerable.Range(1, expected).Select(n => (long)n).ToList();
        Assert.Equal(all, seen);
        Assert.Equal(all, await recorder.TakeAsync(expected));
    }
}
