using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform.Live;

public sealed class ChangeSequencerTests
{
    [Property(MaxTest = 500)]
    public bool AnyArrival_WithReadings_DeliversEachOnceInOrder(int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(1, random.Next(1, 200)).Select(Change).ToArray();
        var sequencer = new ChangeSequencer(0, random.Next(0, 20));
        var delivered = new List<long>();
        // Commits of random length, some lost, some twice, in a random order; now and then a reading of a page.
        var messages = Commits(all, random).Where(_ => random.Next(5) > 0).SelectMany(commit => Enumerable.Repeat(commit, random.Next(1, 3))).ToArray();
        random.Shuffle(messages);
        foreach (var message in messages)
        {
            Add(sequencer.Take(message));
            if (random.Next(10) == 0)
            {
                Read(random.Next(1, 30));
            }
        }

        while (sequencer.Head < all.Length)
        {
            Read(50);
        }

        sequencer.CaughtUp();
        return delivered.SequenceEqual(all.Select(change => change.Sequence)) && !sequencer.HasHole;

        void Read(int page) => Add(sequencer.TakeRead([.. all.Skip((int)sequencer.Head).Take(page)], out _));

        void Add(IReadOnlyList<ChangeEvent> changes) => delivered.AddRange(changes.Select(change => change.Sequence));
    }

    [Fact]
    public void Take_AfterAHole_WaitsAndThenGivesBoth()
    {
        var sequencer = new ChangeSequencer(10, 100);
        Assert.Empty(sequencer.Take([Change(12)]));
        Assert.True(sequencer.HasHole);
        Assert.Equal([11L, 12L], sequencer.Take([Change(11)]).Select(change => change.Sequence));
        Assert.False(sequencer.HasHole);
    }

    [Fact]
    public void TakeRead_WhereTheGapWasDropped_TellsThatItIsLost()
    {
        var sequencer = new ChangeSequencer(10, 100);
        Assert.Equal([21L], sequencer.TakeRead([Change(21)], out var lost).Select(change => change.Sequence));
        Assert.True(lost);
    }

    internal static ChangeEvent Change(int sequence) => new(
        sequence, "vehicle.updated", "vehicle", Guid.Empty, DateTimeOffset.UnixEpoch, new RawJson("{}"), new RawJson("{}"));

    private static IEnumerable<ChangeEvent[]> Commits(ChangeEvent[] all, Random random)
    {
        for (var i = 0; i < all.Length;)
        {
            var length = random.Next(1, 6);
            yield return [.. all.Skip(i).Take(length)];
            i += length;
        }
    }
}
