using ChargeCars.Money.Numbering;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>One allocator and one database: who gets which number.</summary>
public sealed class NumberAllocatorTests : NumberTest
{
    [Fact]
    public async Task Next_ManyCallers_GivesOneToNOnceEach()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            var mine = new List<AssignedNumber>();
            foreach (var owner in Owners(50))
            {
                mine.Add(await Host.GivenAsync(owner));
            }

            return mine;
        })));

        Assert.Equal(Enumerable.Range(1, 3_200), numbers.SelectMany(mine => mine).Select(number => number.Sequence).Order());
        await AssertGaplessAsync(2026, 3_200);
    }

    [Fact]
    public async Task Next_First_IsPrintedAndOnRecordWithWhoAsked()
    {
        var owner = Guid.NewGuid();

        var number = await Host.GivenAsync(owner);

        Assert.Equal(("CC-INV-2026-00001", 1, 2026, owner), (number.Number, number.Sequence, number.Year, number.OwnerId));
        Assert.Equal("tests", await ScalarAsync<string>("SELECT assigned_by->>'name' FROM number_assignment"));
        Assert.Equal("CC-INV-", await ScalarAsync<string>("SELECT prefix FROM number_sequence"));
    }

    [Fact]
    public async Task Next_SameOwnerManyTimesAtOnceAndLater_ReturnsOneNumber()
    {
        var owner = Guid.NewGuid();

        var atOnce = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Host.GivenAsync(owner))));
        var afterRestart = await (await StartHostAsync()).GivenAsync(owner);

        Assert.All(atOnce, number => Assert.Equal(afterRestart, number));
        await AssertGaplessAsync(2026, 1);
    }

    [Fact]
    public async Task Next_OldAndNewOwnersTogether_GivesOnlyTheNewOnesNumbers()
    {
        var old = Owners(200);
        var first = await Task.WhenAll(old.Select(Host.GivenAsync));

        var second = await Task.WhenAll(Owners(100).Concat(old).Select(Host.GivenAsync));

        Assert.Equal(first, second[100..]);
        await AssertGaplessAsync(2026, 300);
    }

    [Fact]
    public async Task Next_Commit_LeavesOneAuditRowAndOneChange()
    {
        await Host.GivenAsync(Guid.NewGuid());
        var owner = Guid.NewGuid();
        await Host.GivenAsync(owner);
        await Host.GivenAsync(owner);

        Assert.Equal(2, await ScalarAsync<int>("SELECT count(*) FROM audit_log WHERE table_name = 'number_sequence'"));
        Assert.Equal("CREATE,UPDATE", await ScalarAsync<string>("SELECT string_agg(action, ',' ORDER BY action) FROM audit_log WHERE table_name = 'number_sequence'"));
        Assert.Equal("""{"to": 2, "from": 1, "year": 2026, "numberType": "invoice", "businessEntity": "chargecars"}""",
            await ScalarAsync<string>("SELECT data::text FROM change_event WHERE sequence = 2"));
        Assert.Equal("number_sequence.advanced chargecars",
            await ScalarAsync<string>("SELECT DISTINCT type || ' ' || business_entity FROM change_event"));
    }

    [Fact]
    public async Task Next_EmptyOwner_NamesTheField()
    {
        var result = await Host.NextAsync(Guid.Empty);

        Assert.Contains("ownerId", Assert.IsType<Invalid>(result.Error).Fields.Keys);
    }

    [Fact]
    public async Task Next_PrefixTakenByAnotherSeries_IsRefusedByName()
    {
        await Host.GivenAsync(Guid.NewGuid());
        await ExecuteAsync("UPDATE number_assignment SET number = 'CC-INV-2026-00002'");

        var result = await Host.NextAsync(Guid.NewGuid());

        Assert.Equal("number_taken", Assert.IsType<Conflict>(result.Error).Code);
    }

    [Fact]
    public async Task Next_RequestsInAnyInterleaving_GiveEachOwnerOneNumber()
    {
        var other = await StartHostAsync();
        var owners = Owners(12);
        var random = new Random(20261123);
        var requests = Enumerable.Range(0, 400).Select(_ => (Host: random.Next(2) == 0 ? Host : other, Owner: owners[random.Next(12)])).ToArray();

        var numbers = await Task.WhenAll(requests.Select(request => Task.Run(() => request.Host.InsistAsync(request.Owner))));

        Assert.Equal(12, numbers.Distinct().Count());
        await AssertGaplessAsync(2026, 12);
    }
}
