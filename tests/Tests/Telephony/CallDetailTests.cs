using ChargeCars.Telephony.Calls;
using static ChargeCars.Tests.Telephony.CallMergeTests;

namespace ChargeCars.Tests.Telephony;

/// <summary>Tags, comments, and calls whose end was lost.</summary>
public sealed class CallDetailTests
{
    private const long T = 1_796_000_000;

    [Fact]
    public void Apply_TagsByTime_TheNewestSnapshotCounts()
    {
        object vip = new { id = 1, name = "VIP" }, storing = new { id = 2, name = "Storing" };
        (string, long, object)[] events =
        [
            ("call.tagged", 10, new { id = 1, tags = new[] { vip } }),
            ("call.tagged", 20, new { id = 1, tags = new[] { vip, storing } }),
            ("call.untagged", 30, new { id = 1, tags = new[] { storing } }),
        ];

        Assert.Equal(["Storing"], Row(events).Tags.Select(tag => tag.Name));
        Assert.Equal(["Storing"], Row([.. events.Reverse()]).Tags.Select(tag => tag.Name));
        Assert.Equal(["VIP", "Storing"], Row([.. events, ("call.tagged", 40, new { id = 1, tags = new[] { vip, storing } })]).Tags.Select(tag => tag.Name));
        Assert.Empty(Row([.. events, ("call.untagged", 40, new { id = 1, tags = Array.Empty<object>() })]).Tags);
    }

    [Fact]
    public void Apply_FiveMegabytesOfComments_KeepsARowThatFits()
    {
        var comments = Enumerable.Range(1, 5_000).Select(id => new { id, content = new string('x', 1_000), posted_at = T + id });

        var call = Row(("call.commented", 10, new { id = 1, comments }),
            ("call.commented", 20, new { id = 1, comments = new[] { new { id = 999_999, content = new string('y', 1_000_000), posted_at = T } } }));

        Assert.Equal(200, call.Comments.Count);
        Assert.True(Json(call).Length < 1_000_000);
        Assert.Equal(10_000, call.Comments.Max(comment => comment.Content.Length));
    }

    [Fact]
    public void Sweep_OfACallWhoseHangUpWasLost_EndsItUntilMoreIsKnown()
    {
        var ringing = Row(("call.ringing_on_agent", 0, new { id = 1, direction = "inbound", started_at = T, user = new { id = 1 } }));
        Assert.Null(StaleCalls.Sweep(ringing, Time(3_600)));

        var swept = CallMerge.Apply(ringing, StaleCalls.Sweep(ringing, Time(3_601))!);
        var known = CallMerge.Apply(swept, Event("call.ended", 30, new { id = 1, status = "done", answered_at = T + 5, ended_at = T + 30 }));

        Assert.Equal(CallStatus.NoAnswer, swept.Status);
        Assert.Null(StaleCalls.Sweep(swept, Time(1_000_000)));
        Assert.Equal((CallStatus.Completed, Time(30)), (known.Status, known.EndedAt!.Value));
    }
}
