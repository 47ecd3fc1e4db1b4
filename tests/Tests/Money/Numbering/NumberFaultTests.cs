using ChargeCars.Money.Numbering;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>Two hosts that both believe the series theirs, and a database that goes away.</summary>
public sealed class NumberFaultTests : NumberTest
{
    [Fact]
    public async Task Next_TwoAllocatorsAtOnce_GiveNoNumberTwiceAndSkipNone()
    {
        var other = await StartHostAsync();
        var shared = Owners(200);

        var numbers = await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            var host = caller % 2 == 0 ? Host : other;
            var mine = new List<AssignedNumber>();
            foreach (var owner in Owners(20).Concat(shared[(caller / 2 * 10)..(caller / 2 * 10 + 10)]))
            {
                mine.Add(await host.InsistAsync(owner));
            }

            return mine;
        })));

        Assert.Equal(Enumerable.Range(1, 800), numbers.SelectMany(mine => mine).DistinctBy(number => number.OwnerId).Select(number => number.Sequence).Order());
        await AssertGaplessAsync(2026, 800);
    }

    [Fact]
    public async Task Next_ConnectionsKilledInMidFlight_RetriesGiveOneNumberAnOwnerWithoutGap()
    {
        var owners = Owners(1_500);
        var given = 0;
        var asking = Task.WhenAll(owners.Chunk(50).Select(mine => Task.Run(async () =>
        {
            foreach (var owner in mine)
            {
                await Host.InsistAsync(owner);
                Interlocked.Increment(ref given);
            }
        })));
        var kills = 0;
        while (!asking.IsCompleted)
        {
            await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            kills++;
            // Let some be served in between, or nobody ever would.
            for (var served = given; served + 100 > given && !asking.IsCompleted;)
            {
                await Task.Yield();
            }
        }

        await asking;
        Assert.True(kills > 1);
        await AssertGaplessAsync(2026, 1_500);
        Assert.Equal(await ScalarAsync<int>("SELECT count(*) FROM audit_log"), await ScalarAsync<int>("SELECT count(*) FROM change_event"));
    }
}
