using ChargeCars.Telephony.Calls;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Telephony;

/// <summary>A call as it was at a moment tells nothing of what came after.</summary>
public sealed class CallsThenTests
{
    private static readonly DateTimeOffset Ten = new(2026, 11, 30, 10, 0, 0, TimeSpan.Zero);
    private static readonly CallPerson An = new("1", "An", null);
    private static readonly CallPerson Bo = new("2", "Bo", null);

    /// <summary>An answers and puts the caller on hold, Bo gets it from her, and it is put away afterwards.</summary>
    private static readonly Call Transferred = Of(
        Said(CallEventKind.Created, 0),
        Said(CallEventKind.RingingOnAgent, 5) with { Agent = An },
        Said(CallEventKind.Answered, 10) with { Agent = An, AnsweredAt = Ten.AddSeconds(10) },
        Said(CallEventKind.Hold, 60) with { Agent = An },
        Said(CallEventKind.Unhold, 90) with { Agent = An },
        Said(CallEventKind.Transferred, 120) with { TransferredBy = An, TransferredTo = Bo },
        Said(CallEventKind.Answered, 130) with { Agent = Bo },
        Said(CallEventKind.Commented, 140) with { Agent = Bo, Comments = [new("9", "Belt terug", Ten.AddSeconds(140), "2")] },
        Said(CallEventKind.Ended, 330) with { Agent = Bo, AnsweredAt = Ten.AddSeconds(10), EndedAt = Ten.AddSeconds(300), IsDone = true },
        Said(CallEventKind.Assigned, 400) with { AssignedTo = Bo },
        Said(CallEventKind.Archived, 500) with { IsArchived = true });

    [Fact]
    public void Call_OfAMoment_HasTheLegsHoldAndAssignmentOfThen()
    {
        var (rings, talks, held, handed) = (At(7), At(30), At(100), At(135));

        Assert.Equal((An.Id, (DateTimeOffset?)null, 0), (Assert.Single(rings.Legs).Agent.Id, rings.Legs[0].AnsweredAt, rings.HoldSeconds));
        Assert.Equal((Ten.AddSeconds(10), (DateTimeOffset?)null, 0), (Assert.Single(talks.Legs).AnsweredAt!.Value, talks.Legs[0].LeftAt, talks.HoldSeconds));
        Assert.Equal(30, held.HoldSeconds);
        Assert.Equal([An.Id, Bo.Id], handed.Legs.Select(leg => leg.Agent.Id));
        Assert.Equal((Ten.AddSeconds(120), (DateTimeOffset?)null), (handed.Legs[0].LeftAt!.Value, handed.Legs[1].LeftAt));
        Assert.Equal((0, 1), (handed.Comments.Count, At(150).Comments.Count));
        Assert.Null(At(350).AssignedTo);
        Assert.Equal((Bo.Id, false, true), (At(450).AssignedTo!.Id, At(450).IsArchived, At(500).IsArchived));
        Assert.Equal(CallMergeTests.Json(Transferred), CallMergeTests.Json(At(600)));
    }

    [Property(MaxTest = 300)]
    public void Call_OfAnyMomentOfAnyStory_TellsNothingThatCameAfter(int seed)
    {
        CallEvent[] events = [.. AircallStory.Of(Math.Abs(seed % 10_000)).Select(AircallStory.Event)];
        var call = Of(events);
        foreach (var at in events.Select(said => said.At))
        {
            var told = Then(call, at);

            Assert.All(told.Legs, leg => Assert.All([leg.RungAt, leg.DeclinedAt, leg.AnsweredAt, leg.LeftAt], time => Assert.False(time > at, $"{time} at {at}")));
            Assert.All(told.Comments, comment => Assert.False(comment.PostedAt > at));
            Assert.All(told.IvrOptions, choice => Assert.False(choice.CreatedAt > at));
            Assert.False(told.AssignedTo is not null && events.Where(said => said.At <= at).All(said => said.AssignedTo is null));
        }

        Assert.Equal(CallMergeTests.Json(call), CallMergeTests.Json(Then(call, DateTimeOffset.MaxValue)));
    }

    private static Call At(int seconds) => Then(Transferred, Ten.AddSeconds(seconds));

    /// <summary>As the query tells it: the times that are still to come are not known yet.</summary>
    private static Call Then(Call call, DateTimeOffset at) => CallsThen.Told(
        call with { AnsweredAt = call.AnsweredAt > at ? null : call.AnsweredAt, EndedAt = call.EndedAt > at ? null : call.EndedAt }, at);

    private static CallEvent Said(CallEventKind kind, int seconds) => new() { CallId = "7", Kind = kind, At = Ten.AddSeconds(seconds), StartedAt = Ten };

    private static Call Of(params CallEvent[] events) => events.Aggregate((Call?)null, (call, said) => CallMerge.Apply(call, said))!;
}
