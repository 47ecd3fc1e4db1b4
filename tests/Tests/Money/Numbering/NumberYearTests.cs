using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>New Year, which is at 23:00 UTC.</summary>
public sealed class NumberYearTests : NumberTest
{
    private static readonly DateTimeOffset NewYear = new(2026, 12, 31, 23, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Next_BeforeAndAtMidnightInAmsterdam_IsOfTheOldAndTheNewYear()
    {
        Time.SetUtcNow(NewYear.AddTicks(-1));
        var last = await Host.GivenAsync(Guid.NewGuid());
        Time.SetUtcNow(NewYear);
        var first = await Host.GivenAsync(Guid.NewGuid());

        Assert.Equal(("CC-INV-2026-00001", "CC-INV-2027-00001"), (last.Number, first.Number));
    }

    [Fact]
    public async Task Next_ManyOnTwoHostsAtMidnight_MakeOneRowAndOneToN()
    {
        var other = await StartHostAsync();
        await Host.GivenAsync(Guid.NewGuid());
        Time.SetUtcNow(NewYear);

        await Task.WhenAll(Owners(500).Select((owner, i) => Task.Run(() => (i % 2 == 0 ? Host : other).InsistAsync(owner))));

        Assert.Equal(1, await ScalarAsync<int>("SELECT count(*) FROM number_sequence WHERE year = 2027"));
        await AssertGaplessAsync(2026, 1);
        await AssertGaplessAsync(2027, 500);
    }

    [Fact]
    public async Task Next_OwnerOfLastYear_KeepsItsNumber()
    {
        var owner = Guid.NewGuid();
        var number = await Host.GivenAsync(owner);
        Time.SetUtcNow(NewYear);

        var again = await Host.GivenAsync(owner);

        Assert.Equal(number, again);
        Assert.Equal(0, await ScalarAsync<int>("SELECT count(*) FROM number_sequence WHERE year = 2027"));
    }

    [Fact]
    public async Task Next_PrefixEditedLastYear_StaysInUse()
    {
        await Host.GivenAsync(Guid.NewGuid());
        await ExecuteAsync("UPDATE number_sequence SET prefix = 'F-'");

        var sameYear = await Host.GivenAsync(Guid.NewGuid());
        Time.SetUtcNow(NewYear);
        var newYear = await Host.GivenAsync(Guid.NewGuid());

        Assert.Equal(("F-2026-00002", "F-2027-00001"), (sameYear.Number, newYear.Number));
    }
}
