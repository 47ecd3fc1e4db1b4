using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class PositionHistoryTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    [Fact]
    public async Task Pages_BetweenWhichFixesCome_GiveEachThatWasThereOnceAndAllInOrder()
    {
        var random = new Random(20260302);
        var vehicle = await database.AddVehicleAsync("T-PAGES");
        await using var writer = database.Writer();
        await writer.StartAsync(CancellationToken.None);
        // Two trackers that often tell the same second.
        PositionFix Any() => Fixes.At(-random.Next(1, 400)) with { Source = random.Next(2) == 0 ? "api" : "ulu" };
        var known = new HashSet<FixKey>();
        async Task StoreAsync(int count)
        {
            var fixes = Enumerable.Range(0, count).Select(_ => Any()).Where(fix => known.Add(KeyOf(fix))).ToArray();
            await writer.WriteAsync(new(vehicle, fixes, suspect: false, live: null, Fixes.Noon));
        }

        await StoreAsync(300);
        var (first, history, read) = (known.ToHashSet(), new PositionHistory(database.Source), new List<FixKey>());
        while (true)
        {
            var page = await history.ReadAsync(
                vehicle, Fixes.Noon.AddSeconds(-350), Fixes.Noon.AddSeconds(-50), read.Count == 0 ? null : read[^1], 7, CancellationToken.None);
            read.AddRange(page.Select(recorded => KeyOf(recorded.Fix)));
            if (page.Count < 7)
            {
                break;
            }

            await StoreAsync(5);
        }

        Assert.Equal(read.Distinct().OrderBy(key => key.FixTime).ThenBy(key => key.Source, StringComparer.Ordinal), read);
        Assert.All(read, key => Assert.InRange(key.FixTime, Fixes.Noon.AddSeconds(-350), Fixes.Noon.AddSeconds(-51)));
        Assert.Empty(first.Where(key => key.FixTime >= Fixes.Noon.AddSeconds(-350) && key.FixTime < Fixes.Noon.AddSeconds(-50)).Except(read));
        Assert.True(known.Count > first.Count);
    }

    private static FixKey KeyOf(PositionFix fix) => new(fix.FixTime, fix.Source);
}
