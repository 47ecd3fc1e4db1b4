using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Orders.Deadlines;

/// <summary>What is overdue is raised at its moment and once, whoever looks and however often.</summary>
public sealed class OverdueWatchTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Overdue_SeenByTwoHostsAtOnceAndAfterARestart_IsRaisedOnce()
    {
        const int Late = 40;
        await using var database = await CommitDatabase.StartAsync();
        using var others = CommitDatabase.CommitsOn(database.Source);
        await others.StartAsync(CancellationToken.None);
        var time = new FakeTimeProvider(Noon);
        await database.Database.ScalarAsync($"""
            INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since, sla_deadline)
            SELECT gen_random_uuid(), 'order', gen_random_uuid(), 'planned', '2030-01-01 11:00Z', CASE WHEN n <= {Late} THEN timestamptz '2030-01-01 12:00Z' ELSE '2030-01-01 12:01Z' END
            FROM generate_series(1, {Late + 1}) n
            """);
        OverdueWatch[] hosts = [Watch(database.Commits), Watch(others)];

        var raised = await Task.WhenAll(hosts.Select(host => host.LookAsync(CancellationToken.None)));
        Assert.Equal((Late, (long)Late), (raised.Sum(), await EventsAsync()));

        // A host that starts anew finds nothing that is raised, and the next at its moment.
        var restarted = Watch(database.Commits);
        Assert.Equal(0, await restarted.LookAsync(CancellationToken.None));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await restarted.LookAsync(CancellationToken.None));
        Assert.Equal((0, Late + 1L), (await hosts[1].LookAsync(CancellationToken.None), await EventsAsync()));
        await others.StopAsync(CancellationToken.None);

        OverdueWatch Watch(GroupCommit commits) => new(database.Source, commits, time, NullLogger<OverdueWatch>.Instance);

        async Task<long> EventsAsync() => (long)(await database.Database.ScalarAsync("SELECT count(*) FROM change_event WHERE type = 'status.overdue'"))!;
    }
}
