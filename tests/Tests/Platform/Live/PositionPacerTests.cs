using ChargeCars.Api.Platform.Live;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform.Live;

public sealed class PositionPacerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void Note_FirstUpdate_GoesOutAtOnce()
    {
        var pacer = new PositionPacer(Interval);
        var vehicle = Guid.NewGuid();
        pacer.Note(vehicle);
        Assert.Equal([vehicle], pacer.TakeDue(DateTimeOffset.UnixEpoch, 1));
    }

    [Fact]
    public void TakeDue_MoreThanAtMost_ComeInTheirOrderOverSeveralCalls()
    {
        var pacer = new PositionPacer(Interval);
        var vehicles = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var vehicle in vehicles.Concat(vehicles))
        {
            pacer.Note(vehicle);
        }

        Assert.Equal(vehicles[..2], pacer.TakeDue(DateTimeOffset.UnixEpoch, 2));
        Assert.Equal(vehicles[2..4], pacer.TakeDue(DateTimeOffset.UnixEpoch, 2));
        Assert.Equal(vehicles[4..], pacer.TakeDue(DateTimeOffset.UnixEpoch, 2));
        Assert.Empty(pacer.TakeDue(DateTimeOffset.UnixEpoch, 2));
    }

    [Property(MaxTest = 200)]
    public bool AnyUpdates_OverTime_AreAtMostFourASecondAndTheLastIsNeverHeldForLong(int seed)
    {
        var random = new Random(seed);
        var pacer = new PositionPacer(Interval);
        var vehicles = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        var sent = vehicles.ToDictionary(vehicle => vehicle, _ => new List<DateTimeOffset>());
        var noted = new Dictionary<Guid, DateTimeOffset>();
        var now = DateTimeOffset.UnixEpoch;
        for (var step = 0; step < 1_000; step++, now += TimeSpan.FromMilliseconds(10))
        {
            if (step < 950 && random.Next(3) == 0)
            {
                var vehicle = vehicles[random.Next(vehicles.Length)];
                pacer.Note(vehicle);
                noted[vehicle] = now;
            }

            foreach (var vehicle in pacer.TakeDue(now, vehicles.Length))
            {
                sent[vehicle].Add(now);
            }
        }

        return sent.Values.All(times => times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First >= Interval))
            && noted.All(pair => sent[pair.Key][^1] >= pair.Value && sent[pair.Key][^1] <= pair.Value + Interval);
    }
}
