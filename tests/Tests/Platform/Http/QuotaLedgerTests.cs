using ChargeCars.Api.Platform.Http.Limits;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Http;

public sealed class QuotaLedgerTests
{
    private readonly FakeTimeProvider _time = new();

    [Property(MaxTest = 200)]
    public void Take_OverAnyTime_GivesNoMoreThanBurstAndRate_AndNoLess(byte burst, byte perSecond, ushort[] pauses)
    {
        var quota = new Quota { Burst = (burst % 50) + 1, PerSecond = (perSecond % 20) + 1 };
        var ledger = new QuotaLedger(quota, _time);
        var start = _time.GetUtcNow();
        var taken = 0;
        foreach (var pause in pauses)
        {
            _time.Advance(TimeSpan.FromMilliseconds(pause % 3_000));
            while (ledger.Take("key").Taken)
            {
                taken++;
            }

            var most = quota.Burst + ((_time.GetUtcNow() - start).TotalSeconds * quota.PerSecond);
            Assert.True(taken <= most + 0.001, $"{taken} of {most}");
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(ledger.Take("key").Taken);
    }

    [Fact]
    public void Take_BeyondTheQuota_SaysWhenThereIsOne()
    {
        var ledger = new QuotaLedger(new() { Burst = 2, PerSecond = 4 }, _time);
        Assert.Equal((true, TimeSpan.Zero), ledger.Take("key"));
        Assert.Equal((true, TimeSpan.Zero), ledger.Take("key"));

        Assert.Equal((false, TimeSpan.FromSeconds(0.25)), ledger.Take("key"));
        Assert.Equal(TimeSpan.FromSeconds(0.25), ledger.Wait("key"));
        Assert.Equal((true, TimeSpan.Zero), ledger.Take("another"));
        _time.Advance(TimeSpan.FromSeconds(0.25));

        Assert.Equal((true, TimeSpan.Zero), ledger.Take("key"));
    }

    [Fact]
    public void Take_WithPatience_TakesInAdvance()
    {
        var ledger = new QuotaLedger(new() { Burst = 1, PerSecond = 1 }, _time);

        var answers = Enumerable.Range(0, 4).Select(_ => ledger.Take("key", TimeSpan.FromSeconds(2))).ToList();

        Assert.Equal([(true, TimeSpan.Zero), (true, TimeSpan.FromSeconds(1)), (true, TimeSpan.FromSeconds(2)), (false, TimeSpan.FromSeconds(1))], answers);
    }

    [Fact]
    public void GiveBack_OfWhatWasTaken_LeavesTheQuotaWhole()
    {
        var ledger = new QuotaLedger(new() { Burst = 1, PerSecond = 1 }, _time);
        for (var n = 0; n < 10; n++)
        {
            Assert.True(ledger.Take("key").Taken);
            ledger.GiveBack("key");
        }

        Assert.True(ledger.Take("key").Taken);
        Assert.False(ledger.Take("key").Taken);
    }

    [Fact]
    public void Take_OfMoreKeysThanAreKept_CountsTheRestTogether()
    {
        var ledger = new QuotaLedger(new() { Burst = 1, PerSecond = 1 }, _time);

        var taken = Enumerable.Range(0, 150_000).Count(n => ledger.Take($"{n}").Taken);

        Assert.Equal(100_001, taken);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Enumerable.Range(200_000, 1_000).All(n => ledger.Take($"{n}").Taken)); // those that rest are forgotten
    }
}
