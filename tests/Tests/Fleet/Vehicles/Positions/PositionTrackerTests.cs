using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class PositionTrackerTests
{
    private readonly PositionTracker _tracker = new(Guid.NewGuid(), new PositionOptions());

    [Fact]
    public void Judge_LateFix_IsStoredAndSuspectAndLeavesTheLivePosition()
    {
        Commit(Fixes.At(0));

        var late = Judge(Fixes.At(-60));

        Assert.Equal(FixOutcome.Stored, late.Results[0].Outcome);
        Assert.True(late.Suspect);
        Assert.Null(late.Live);
    }

    [Fact]
    public void Judge_NewerFix_IsCleanAndMovesOnlyAfterTheCommit()
    {
        Commit(Fixes.At(0));

        var newer = Judge(Fixes.At(1));

        Assert.False(newer.Suspect);
        Assert.Equal(Fixes.Noon, _tracker.Live?.FixTime);
        _tracker.Moved(newer.Live!.Value);
        Assert.Equal(Fixes.Noon.AddSeconds(1), _tracker.Live?.FixTime);
    }

    [Fact]
    public void Judge_SameFixAgain_IsADuplicateWithinABatchAndAfter()
    {
        var batch = Commit(Fixes.At(0), Fixes.At(0), Fixes.At(-1) with { Source = "ulu" }, Fixes.At(0) with { Source = "ulu" });

        Assert.Equal([FixOutcome.Accepted, FixOutcome.Duplicate, FixOutcome.Stored, FixOutcome.Stored], batch.Results.Select(result => result.Outcome));
        Assert.Equal(FixOutcome.Duplicate, Judge(Fixes.At(-1) with { Source = "ulu" }).Results[0].Outcome);
    }

    [Fact]
    public void Judge_SameTimeAtAnotherPlace_IsADuplicateThatSaysSo()
    {
        Commit(Fixes.At(0), Fixes.At(1));

        var again = Judge(Fixes.At(0), Fixes.At(0, 52.3), Fixes.At(1, 52.09, 5.120001), Fixes.At(0, 52.3) with { Source = "ulu" });

        Assert.Equal(
            new FixResult[] { new(FixOutcome.Duplicate, Judgement.OnDisk), new(FixOutcome.Duplicate, Judgement.OtherPlace), new(FixOutcome.Duplicate, Judgement.OtherPlace), new(FixOutcome.Stored) },
            again.Results);
        Assert.Contains("two trackers", Judgement.OtherPlace, StringComparison.Ordinal);
    }

    /// <summary>Two bytes of a place are enough: another place is hardly ever taken for the same.</summary>
    [Fact]
    public void Judge_ManyPlacesAtOneTime_AreToldApart()
    {
        Commit(Fixes.At(0));

        var others = Judge([.. Enumerable.Range(1, 5_000).Select(i => Fixes.At(0, 52.09 + (i * 0.00001), 5.12 - (i % 7 * 0.001)))]);

        Assert.InRange(others.Results.Count(result => result.Detail == Judgement.OnDisk), 0, 3);
    }

    [Fact]
    public void Judge_JumpAndWayBack_RefusesTheJumpOnly()
    {
        Commit(Fixes.At(0));

        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(10, 53.2)).Results[0].Outcome);
        Assert.Equal(FixOutcome.Accepted, Judge(Fixes.At(20)).Results[0].Outcome);
    }

    [Fact]
    public void Judge_WrongFirstFix_IsOverruledByTwoThatAgree()
    {
        Commit(Fixes.At(0, 40, -70));

        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(10)).Results[0].Outcome);
        Assert.Equal(FixOutcome.Accepted, Judge(Fixes.At(20)).Results[0].Outcome);
    }

    [Fact]
    public void Judge_RefusedFixThatIsForgotten_IsNotStoredWithTheNext()
    {
        Commit(Fixes.At(0, 40, -70));
        Judge(Fixes.At(10));

        _tracker.ForgetDoubt();

        Assert.Empty(Judge(Fixes.At(20)).Store);
    }

    [Fact]
    public void Judge_RefusedFixThatTheNextProvesRight_IsStoredWithIt()
    {
        Commit(Fixes.At(0, 40, -70));
        Judge(Fixes.At(10));

        var next = Judge(Fixes.At(20));

        Assert.Equal([new FixResult(FixOutcome.Accepted)], next.Results);
        Assert.Equal([Fixes.At(20), Fixes.At(10)], next.Store);
        Assert.Null(next.LateUntil);
        Assert.Equal(FixOutcome.Duplicate, Judge(Fixes.At(10)).Results[0].Outcome);
    }

    [Fact]
    public void Judge_FixesOfOneBatchThatProveEachOtherRight_AreAllStored()
    {
        Commit(Fixes.At(0, 40, -70));

        var batch = Judge(Fixes.At(20), Fixes.At(30, 10), Fixes.At(50), Fixes.At(40), Fixes.At(60));

        Assert.Equal(
            [FixOutcome.ImpossibleSpeed, FixOutcome.ImpossibleSpeed, FixOutcome.Accepted, FixOutcome.Stored, FixOutcome.Accepted],
            batch.Results.Select(result => result.Outcome));
        Assert.Equal([Fixes.At(50), Fixes.At(40), Fixes.At(60)], batch.Store);
        Assert.Equal(Fixes.At(60).FixTime, batch.Live?.FixTime);
    }

    [Fact]
    public void Judge_LateFixThatAgreesWithARefusedOne_OverrulesTheLivePosition()
    {
        Commit(Fixes.At(0, 40, -70));
        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(10)).Results[0].Outcome);

        var late = Judge(Fixes.At(-10));

        Assert.Equal([new FixResult(FixOutcome.Stored)], late.Results);
        Assert.Equal([Fixes.At(-10), Fixes.At(10)], late.Store);
        Assert.Equal(Fixes.At(10).FixTime, late.Live?.FixTime);
        Assert.Equal(Fixes.Noon, late.LateUntil);
    }

    [Fact]
    public void Judge_LateFixThatContradictsTheLivePosition_OverrulesItWithTheNext()
    {
        Commit(Fixes.At(0, 40, -70));

        Assert.Null(Judge(Fixes.At(-10)).Live);
        Assert.Equal(FixOutcome.Accepted, Judge(Fixes.At(10)).Results[0].Outcome);
    }

    [Fact]
    public void Judge_LateFixFromElsewhere_LeavesTheLivePositionToTheNext()
    {
        Commit(Fixes.At(0), Fixes.At(60));

        Assert.Equal(FixOutcome.Stored, Judge(Fixes.At(30, 40, -70)).Results[0].Outcome);
        Assert.Equal(FixOutcome.Accepted, Judge(Fixes.At(70)).Results[0].Outcome);
        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(80, 40, -70)).Results[0].Outcome);
    }

    [Fact]
    public void Judge_SameJumpSentTwice_DoesNotConfirmItself()
    {
        Commit(Fixes.At(0));

        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(10, 53.2)).Results[0].Outcome);
        Assert.Equal(FixOutcome.ImpossibleSpeed, Judge(Fixes.At(10, 53.2)).Results[0].Outcome);
    }

    [Fact]
    public void Undo_AfterAFailedWrite_TakesTheSameFixAgainAndSuspectsIt()
    {
        Commit(Fixes.At(0));
        Judge(Fixes.At(1));

        _tracker.Undo();
        var again = Judge(Fixes.At(1));

        Assert.Equal(FixOutcome.Accepted, again.Results[0].Outcome);
        Assert.True(again.Suspect);
    }

    [Fact]
    public void Restore_OfTheNewestPosition_KeepsItFromMovingBack()
    {
        _tracker.Restore(new(Guid.NewGuid(), Fixes.Noon, 52.09, 5.12, null, null, null, null, VehicleStatus.Parked));

        Assert.Equal(FixOutcome.Stored, Judge(Fixes.At(-1)).Results[0].Outcome);
        Assert.True(Judge(Fixes.At(-2)).Suspect);
        Assert.False(Judge(Fixes.At(1)).Suspect);
    }

    /// <summary>However often and in whatever order: the same fixes are on disk, and the newest is live.</summary>
    [Property]
    public Property Judge_AnyOrderAndRepetitionOfPlausibleFixes_EndsTheSame()
    {
        var seconds = Gen.ListOf(Gen.Choose(0, 600));
        return Prop.ForAll(Arb.From(seconds), Arb.From(Gen.Choose(0, int.MaxValue)), (times, seed) =>
        {
            var sent = times.Concat(times.Take(times.Count / 2)).ToArray();
            new System.Random(seed).Shuffle(sent);
            var tracker = new PositionTracker(Guid.NewGuid(), new PositionOptions());
            var disk = new HashSet<DateTimeOffset>();
            var forward = true;
            foreach (var part in sent.Chunk(3))
            {
                // 10 m a second: a van at 36 km/h.
                var judged = tracker.Judge(part.Select(at => Fixes.At(at - 600, 52 + (at * 0.00009))).ToArray(), Fixes.Noon, VehicleStatus.Driving);
                forward &= judged.Store.All(fix => disk.Add(fix.FixTime));
                var before = tracker.Live?.FixTime;
                if (judged.Live is { } live)
                {
                    tracker.Moved(live);
                }

                forward &= before is null || tracker.Live?.FixTime >= before;
            }

            return forward
                && disk.SetEquals(times.Select(at => Fixes.Noon.AddSeconds(at - 600)))
                && tracker.Live?.FixTime == (times.Count == 0 ? null : Fixes.Noon.AddSeconds(times.Max() - 600));
        });
    }

    /// <summary>One fix from elsewhere costs none of the others, and not the live position either, unless it is the day's last.</summary>
    [Property(MaxTest = 2_000)]
    public Property Judge_AnyOrderAndRepetitionWithAFixFromElsewhere_KeepsAllOthersAndEndsWithTheNewest()
    {
        var seconds = Gen.Choose(2, 12).SelectMany(count => Gen.ListOf(Gen.Choose(0, 300), count));
        return Prop.ForAll(Arb.From(seconds), Arb.From(Gen.Choose(0, 299)), Arb.From(Gen.Choose(0, int.MaxValue)), (times, astray, seed) =>
        {
            var good = times.Select(at => at * 2).Distinct().ToArray();
            if (good.Length < 2 || (astray * 2) + 1 > good.Max())
            {
                return true;
            }

            var random = new System.Random(seed);
            var sent = good.Append((astray * 2) + 1).ToArray();
            sent = [.. sent, .. sent.Take(random.Next(sent.Length))];
            random.Shuffle(sent);
            var tracker = new PositionTracker(Guid.NewGuid(), new PositionOptions());
            var disk = new HashSet<DateTimeOffset>();
            var (once, told) = (true, 0);
            foreach (var part in sent.Chunk(random.Next(1, 4)))
            {
                var judged = tracker.Judge(
                    part.Select(at => Fixes.At(at - 600, (at % 2 == 0 ? 52 : 40) + (at * 0.00009))).ToArray(), Fixes.Noon, VehicleStatus.Driving);
                once &= judged.Store.All(fix => disk.Add(fix.FixTime));
                told += judged.Results.Count(result => result.Outcome is FixOutcome.Accepted or FixOutcome.Stored);
                if (judged.Live is { } live)
                {
                    tracker.Moved(live);
                }
            }

            return once && told <= disk.Count
                && good.All(at => disk.Contains(Fixes.Noon.AddSeconds(at - 600)))
                && tracker.Live?.FixTime == Fixes.Noon.AddSeconds(good.Max() - 600);
        });
    }

    private Judgement Judge(params PositionFix[] fixes) => _tracker.Judge(fixes, Fixes.Noon, VehicleStatus.Driving);

    private Judgement Commit(params PositionFix[] fixes)
    {
        var judged = Judge(fixes);
        _tracker.Moved(judged.Live!.Value);
        return judged;
    }
}
