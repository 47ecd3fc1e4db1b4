using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Telephony;

public sealed class CallMergeTests
{
    private const long T = 1_796_000_000;

    [Fact]
    public void Apply_AThousandCallsShuffledAndThreeTimes_IsTheOrderedStreamsRow()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var ordered = AircallStory.Of(seed);
            var random = new Random(seed);
            byte[][] shuffled = [.. Enumerable.Repeat(ordered, 3).SelectMany(body => body)];
            random.Shuffle(shuffled);

            Assert.Equal(Json(AircallStory.Row(ordered)), Json(AircallStory.Row(shuffled)));
        }
    }

    [Property(MaxTest = 1_000)]
    public void Apply_AnyEventsAtAll_InAnyOrderAndNumber_AreOneRow(int seed, int shuffle)
    {
        var any = new AnyEvents(new Random(seed));
        CallEvent[] events = [.. Enumerable.Range(0, 1 + Math.Abs(seed % 12)).Select(_ => any.Next())];
        var random = new Random(shuffle);
        CallEvent[] repeated = [.. events, .. events.Where(_ => random.Next(2) == 0), .. events.Where(_ => random.Next(3) == 0)];
        random.Shuffle(repeated);

        Assert.Equal(Json(Merged(events)), Json(Merged(repeated)));
    }

    /// <summary>Hosts that each saw a part would come to the same by joining what they know.</summary>
    [Property(MaxTest = 1_000)]
    public void Join_OfAnyParts_IsTheSameInAnyGrouping(int seed)
    {
        var any = new AnyEvents(new Random(seed));
        var (one, two, three) = (EvidenceJoin.Of(any.Next()), EvidenceJoin.Of(any.Next()), EvidenceJoin.Of(any.Next()));

        Assert.Equal(Json(EvidenceJoin.Join(EvidenceJoin.Join(one, two), three)), Json(EvidenceJoin.Join(one, EvidenceJoin.Join(two, three))));
        Assert.Equal(Json(EvidenceJoin.Join(one, two)), Json(EvidenceJoin.Join(two, one)));
        Assert.Equal(Json(one), Json(EvidenceJoin.Join(one, one)));
    }

    [Property(MaxTest = 300)]
    public void Apply_AnyPrefix_NeverTakesTheStatusBack(int seed, int shuffle)
    {
        byte[][] bodies = [.. AircallStory.Of(Math.Abs(seed % 10_000))];
        new Random(shuffle).Shuffle(bodies);

        Call? call = null;
        foreach (var body in bodies)
        {
            var next = CallMerge.Apply(call, AircallStory.Event(body));
            if (call is not null)
            {
                Assert.True(Rank(next.Status) >= Rank(call.Status), $"{call.Status} became {next.Status}");
                Assert.False(call.AnsweredAt is not null && next.AnsweredAt is null);
                Assert.False(call.EndedAt is not null && next.EndedAt is null);
                Assert.False(call.RawDigits is not null && next.RawDigits is null);
                Assert.False(call.RecordingUrl is not null && next.RecordingUrl is null);
                Assert.False(call.Line is not null && next.Line is null);
            }

            call = next;
        }
    }

    [Fact]
    public void Apply_ARowThatWentThroughStorage_GoesOnAsBefore()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var bodies = AircallStory.Of(seed);
            Call? stored = null;
            foreach (var body in bodies)
            {
                stored = JsonSerializer.Deserialize<Call>(
                    JsonSerializer.Serialize(CallMerge.Apply(stored, AircallStory.Event(body)), RowJson.Options), RowJson.Options);
            }

            Assert.Equal(Json(AircallStory.Row(bodies)), Json(stored!));
        }
    }

    [Fact]
    public void Apply_ALateAnswer_FillsItInAndCompletesTheCall()
    {
        var missed = Row(("call.created", 0, new { id = 1, started_at = T }),
            ("call.ended", 60, new { id = 1, status = "done", started_at = T, ended_at = T + 60 }));

        var answered = CallMerge.Apply(missed, Event("call.answered", 20, new { id = "1", answered_at = T + 20, user = new { id = 5, name = "An" } }));

        Assert.Equal(CallStatus.NoAnswer, missed.Status);
        Assert.Equal((CallStatus.Completed, 20, 40), (answered.Status, answered.RingSeconds, answered.TalkSeconds));
        Assert.Equal(Time(20), answered.AnsweredAt);
        Assert.Equal("An", Assert.Single(answered.Legs).Agent.Name);
        Assert.Equal(missed.Id, answered.Id);
    }

    [Fact]
    public void Apply_AnAnswerWithoutItsTime_TakesTheEventsUntilTheTimeIsKnown()
    {
        var answered = Row(("call.created", 0, new { id = 1, started_at = T }), ("call.answered", 7, new { id = 1 }));

        Assert.Equal(Time(7), answered.AnsweredAt);
        Assert.Equal(Time(6), CallMerge.Apply(answered, Event("call.hold", 9, new { id = 1, answered_at = T + 6 })).AnsweredAt);
    }

    [Fact]
    public void Apply_OfATransfer_IsOneCallWithALegEach()
    {
        object an = new { id = 1, name = "An" }, bo = new { id = 2, name = "Bo" };
        var call = Row(
            ("call.created", 0, new { id = 9, direction = "inbound", started_at = T, raw_digits = "+31 6 12345678", number = new { id = 7, name = "Service" },
                teams = new[] { new { id = 1, name = "Eerste lijn" } } }),
            ("call.ringing_on_agent", 1, new { id = 9, user = an }),
            ("call.answered", 10, new { id = 9, user = an, answered_at = T + 10 }),
            ("call.hold", 20, new { id = 9, user = an }),
            ("call.unhold", 30, new { id = 9, user = an }),
            ("call.transferred", 40, new { id = 9, user = an, transferred_by = an, transferred_to = bo, raw_digits = "+31 85 0000000", number = new { id = 8 },
                teams = new[] { new { id = 2, name = "Tweede lijn" } } }),
            ("call.ringing_on_agent", 41, new { id = 9, user = bo }),
            ("call.answered", 50, new { id = 9, user = bo, answered_at = T + 10 }),
            ("call.ended", 130, new { id = 9, status = "done", user = bo, ended_at = T + 100, duration = 100, cost = "12.5" }));

        Assert.Equal(["An", "Bo"], call.Legs.Select(leg => leg.Agent.Name));
        Assert.Equal([(20, 10), (50, 0)], call.Legs.Select(leg => (leg.TalkSeconds, leg.HoldSeconds)));
        Assert.Equal(Time(40), call.Legs[0].LeftAt);
        Assert.Equal(("+31612345678", "7", "Service", "Eerste lijn"), (call.CallerNumber, call.Line!.Id, call.Line.Name, call.Teams[0].Name));
        Assert.Equal((100, 10, 80, 10, false), (call.Duration, call.RingSeconds, call.TalkSeconds, call.HoldSeconds, call.HasSuspectTimes));
        Assert.Equal(0.125m, call.Cost);
    }

    [Fact]
    public void Apply_AnUnsuccessfulTransfer_LeavesTheCallWithTheFirstAgent()
    {
        object an = new { id = 1 }, bo = new { id = 2 };
        var call = Row(
            ("call.answered", 10, new { id = 9, user = an, started_at = T, answered_at = T + 10 }),
            ("call.transferred", 40, new { id = 9, transferred_by = an, transferred_to = bo }),
            ("call.unsuccessful_transfer", 60, new { id = 9, transferred_by = an, transferred_to = bo }),
            ("call.ended", 100, new { id = 9, status = "done", ended_at = T + 100 }));

        Assert.Equal(("1", 70, Time(100)), (call.Legs[0].Agent.Id, call.Legs[0].TalkSeconds, call.Legs[0].LeftAt!.Value));
    }

    [Fact]
    public void Apply_AnExternalTransfer_EndsOurPart()
    {
        var call = Row(
            ("call.answered", 10, new { id = 9, user = new { id = 1 }, started_at = T, answered_at = T + 10 }),
            ("call.external_transferred", 40, new { id = 9, external_transferred_to = "+31201234567" }));

        Assert.Equal((CallStatus.Completed, Time(40), 30), (call.Status, call.EndedAt!.Value, call.TalkSeconds));
    }

    [Theory]
    [InlineData("busy", CallStatus.Busy)]
    [InlineData("User busy", CallStatus.Busy)]
    [InlineData("network_failure", CallStatus.Failed)]
    [InlineData("normal", CallStatus.NoAnswer)]
    [InlineData(null, CallStatus.NoAnswer)]
    public void Apply_AnUnansweredEnd_HasTheStatusOfItsCause(string? cause, CallStatus status)
    {
        Assert.Equal(status, Row(("call.ended", 10, new { id = 1, status = "done", hangup_cause = cause })).Status);
        Assert.Equal(CallStatus.Completed, Row(
            ("call.ended", 10, new { id = 1, status = "done", hangup_cause = cause }), ("call.answered", 5, new { id = 1 })).Status);
    }

    [Fact]
    public void Apply_ACallThatEndsBeforeItStarts_ClampsAndFlags()
    {
        var call = Row(("call.ended", 0, new { id = 1, status = "done", started_at = T + 100, answered_at = T + 50, ended_at = T, duration = -3 }));

        Assert.Equal((0, 0, 0, true), (call.Duration, call.RingSeconds, call.TalkSeconds, call.HasSuspectTimes));
    }

    [Fact]
    public void Apply_AListReadFromTheApi_TakesOffWhatItDoesNotHave_ButNotWhatWasSaidJustBefore()
    {
        var tagged = Row(("call.tagged", 0, new { id = 1, tags = new[] { new { id = 7 }, new { id = 8 } } }));

        Assert.Equal(["8"], Tags(Read(60, new { id = 1, tags = new[] { new { id = 8 } } })));
        // Aircall's clock counts whole seconds, and ours may be ahead of it.
        Assert.Equal(["7", "8"], Tags(Read(20, new { id = 1, tags = new[] { new { id = 8 } } })));
        // What lists none says nothing of them.
        Assert.Equal(["7", "8"], Tags(Read(60, new { id = 1 })));
        Assert.Empty(Tags(Read(60, new { id = 1, tags = Array.Empty<object>() })));

        Call Read(long after, object data) =>
            CallMerge.Apply(tagged, AircallCalls.Read(JsonSerializer.SerializeToElement(data), CallEventKind.Snapshot, Time(after))!);

        static IEnumerable<string> Tags(Call call) => call.Tags.Select(tag => tag.Id);
    }

    internal static Call Row(params (string Name, long After, object Data)[] events) =>
        AircallStory.Row(events.Select(said => AircallStory.Body(said.Name, T + said.After, said.Data)));

    internal static CallEvent Event(string name, long after, object data) => AircallStory.Event(AircallStory.Body(name, T + after, data));

    internal static DateTimeOffset Time(long after) => DateTimeOffset.FromUnixTimeSeconds(T + after);

    private static int Rank(CallStatus status) => status switch
    {
        CallStatus.Initial => 0,
        CallStatus.Ringing => 1,
        CallStatus.Answered => 2,
        CallStatus.Completed => 4,
        _ => 3,
    };

    private static Call Merged(IEnumerable<CallEvent> events) => events.Aggregate((Call?)null, CallMerge.Apply)!;

    internal static string Json<T>(T call) => JsonSerializer.Serialize(call, RowJson.Options);
}
