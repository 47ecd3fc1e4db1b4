using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using ChargeCars.Telephony.Pops;
using static ChargeCars.Tests.Telephony.CallMergeTests;

namespace ChargeCars.Tests.Telephony;

/// <summary>Missed calls, cards and candidates.</summary>
public sealed class CallRulesTests
{
    private const long T = 1_796_000_000;
    private static readonly object An = new { id = 1, name = "An" };
    private static readonly object Bo = new { id = 2, name = "Bo" };

    [Fact]
    public void ToCallBack_OneItemACaller_UrgentOnesFirst()
    {
        var items = ToCallBack(
            Missed(1, "+31 6 11111111", 0), Missed(2, "+31611111111", 100, voicemail: "https://v"), Missed(3, "+31 6 22222222", 50, "short_abandoned"),
            Missed(4, "anonymous", 60), Missed(5, "anonymous", 70, voicemail: "https://w"), Missed(6, "+31 6 33333333", 10, "out_of_opening_hours"));

        Assert.Equal(["+31611111111", "5", "+31633333333", "+31622222222"], items.Select(item => item.Key));
        Assert.Equal((2, Time(0), Time(100), items[0].CallIds[0]), (items[0].Count, items[0].FirstAt, items[0].LastAt, items[0].VoicemailOf ?? Guid.Empty));
        Assert.Equal((MissedUrgency.Low, (DateTimeOffset?)null), (items[3].Urgency, items[3].WaitsUntil));
        Assert.Equal(Time(5_000), items[2].WaitsUntil);
    }

    [Theory]
    [InlineData("inbound")]
    [InlineData("outbound")]
    public void ToCallBack_AfterAnAnsweredCallEitherWay_IsDone(string direction)
    {
        var spoken = Row(("call.ended", 400, new { id = 8, direction, status = "done", raw_digits = "+31 6 11111111", started_at = T + 300,
            answered_at = T + 310, ended_at = T + 390 }));

        Assert.Empty(ToCallBack(Missed(1, "+31 6 11111111", 0), spoken));
        Assert.Equal(1, Assert.Single(ToCallBack(Missed(1, "+31 6 11111111", 0), spoken, Missed(2, "+31 6 11111111", 500))).Count);
    }

    [Fact]
    public void ToCallBack_TickedOffOrMessaged_IsDoneOrShowsIt()
    {
        Call[] calls = [Missed(1, "+31 6 11111111", 0), Missed(2, "+31 6 22222222", 0)];

        var item = Assert.Single(MissedCalls.ToCallBack(
            calls, [new("+31622222222", Time(20))], new Dictionary<string, DateTimeOffset> { ["+31611111111"] = Time(10) }, _ => Time(5_000), Time(600)));

        Assert.Equal(("+31622222222", Time(20)), (item.Key, item.MessagedAt!.Value));
    }

    [Fact]
    public void IsMissed_OfACallThatOnlyAVoiceAgentAnswered_IsTrue()
    {
        var machine = Row(
            ("ai_voice_agent.started", 1, new { call_id = 1 }),
            ("call.ended", 60, new { id = 1, direction = "inbound", status = "done", raw_digits = "+31 6 11111111", started_at = T, answered_at = T + 1,
                ended_at = T + 60 }));

        Assert.True(MissedCalls.IsMissed(machine));
        Assert.False(MissedCalls.IsMissed(CallMerge.Apply(machine, Event("call.answered", 30, new { id = 1, user = An }))));
    }

    [Fact]
    public void Claim_IsOnePersonsUntilItExpires()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var held = CallBackRules.Claim(null, one, Time(0)).Value!;

        Assert.IsType<Conflict>(CallBackRules.Claim(held, other, Time(60)).Error);
        Assert.IsType<Conflict>(CallBackRules.Release(held, other, Time(60)));
        Assert.Null(CallBackRules.Release(held, one, Time(60)));
        Assert.True(CallBackRules.Claim(held, one, Time(60)).Value!.Until > held.Until);
        Assert.Equal(other, CallBackRules.Claim(held, other, held.Until).Value!.By);
    }

    [Fact]
    public void Pop_FromRingToAnswer_OpensAndClosesAtTheOthers()
    {
        var steps = Pops(
            ("call.created", 0, new { id = 1, direction = "inbound", started_at = T }),
            ("call.ringing_on_agent", 2, new { id = 1, user = An }),
            ("call.ringing_on_agent", 2, new { id = 1, user = Bo }),
            ("call.agent_declined", 4, new { id = 1, user = An }),
            ("call.answered", 8, new { id = 1, user = Bo, answered_at = T + 8 }),
            ("call.ended", 80, new { id = 1, status = "done", ended_at = T + 60 }));

        Assert.Equal([PopAction.Open, PopAction.Open, PopAction.Open, PopAction.CloseForAgent, PopAction.Close, PopAction.None],
            steps.Select(step => step.Action));
        Assert.Equal(("An", "Bo"), (steps[3].Agent!.Name, steps[4].TakenBy!.Name));
    }

    [Fact]
    public void Pop_OfWhatIsOldOverOrOutbound_DoesNotOpen()
    {
        var ring = Event("call.ringing_on_agent", 0, new { id = 1, direction = "inbound", started_at = T, user = An });
        Assert.Equal(PopAction.Open, PopRules.After(null, CallMerge.Apply(null, ring), ring, Time(60)).Action);
        Assert.Equal(PopAction.None, PopRules.After(null, CallMerge.Apply(null, ring), ring, Time(61)).Action);

        var over = Row(("call.hungup", 5, new { id = 1, status = "done" }));
        Assert.Equal(PopAction.None, PopRules.After(over, CallMerge.Apply(over, ring), ring, Time(6)).Action);

        var dialled = Event("call.created", 0, new { id = 2, direction = "outbound", started_at = T });
        Assert.Equal(PopAction.None, PopRules.After(null, CallMerge.Apply(null, dialled), dialled, Time(1)).Action);
    }

    [Fact]
    public void Pop_OfALateAnswer_StillCloses()
    {
        var ringing = Row(("call.created", 0, new { id = 1, direction = "inbound", started_at = T }));
        var answer = Event("call.answered", 5, new { id = 1, user = Bo });

        Assert.Equal(PopAction.Close, PopRules.After(ringing, CallMerge.Apply(ringing, answer), answer, Time(500)).Action);
    }

    [Fact]
    public void Card_AfterAReconnect_IsTheSameUntilTheRingIsTooLong()
    {
        var ringing = Row(
            ("call.created", 0, new { id = 1, direction = "inbound", started_at = T }), ("call.agent_declined", 3, new { id = 1, user = An }),
            ("call.ringing_on_agent", 2, new { id = 1, user = An }), ("call.ringing_on_agent", 4, new { id = 1, user = Bo }));

        Assert.Equal(["Bo"], PopRules.CardOf(ringing, Time(300))!.RingingOn.Select(agent => agent.Name));
        Assert.Null(PopRules.CardOf(ringing, Time(601)));
    }

    [Fact]
    public void Card_OfACallThatIsTalked_IsThereUntilItIsOver()
    {
        var talked = Row(("call.created", 0, new { id = 1, direction = "inbound", started_at = T }), ("call.answered", 5, new { id = 1, user = Bo }));
        var over = CallMerge.Apply(talked, Event("call.hungup", 900, new { id = 1, status = "done" }));

        Assert.Empty(PopRules.CardOf(talked, Time(800))!.RingingOn);
        Assert.Null(PopRules.CardOf(talked, Time((6 * 3_600) + 1)));
        Assert.Null(PopRules.CardOf(over, Time(901)));
    }

    [Fact]
    public void Candidates_EachOnce_LikeliestFirst_AndASwitchboardAsItsOrganisation()
    {
        var (one, two, office) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var guess = CallerCandidates.Rank(
        [
            new(one, null, "Thread", HasOpenThread: true), new(one, null, "Thread", HasOpenThread: true), new(two, office, "Visit", HasVisitToday: true),
            new(null, office, "Of Visit", HasVisitToday: true),
        ]);
        Assert.Equal([two, one], guess.Candidates.Select(who => who.ContactId));
        Assert.Null(guess.OrganizationId);

        // A switchboard, and an organization's own number.
        CallerCandidate itself = new(null, office, "Office");
        foreach (var found in new[] { [itself], Enumerable.Range(0, 6).Select(n => new CallerCandidate(Guid.NewGuid(), office, $"{n}")).Append(itself).ToArray() })
        {
            var many = CallerCandidates.Rank(found);
            Assert.Equal((office, itself), (many.OrganizationId, Assert.Single(many.Candidates)));
        }
    }

    private static IReadOnlyList<MissedCaller> ToCallBack(params Call[] calls) =>
        MissedCalls.ToCallBack(calls, [], new Dictionary<string, DateTimeOffset>(), _ => Time(5_000), Time(600));

    private static Call Missed(long id, string digits, long at, string reason = "agents_did_not_answer", string? voicemail = null) =>
        Row(("call.ended", at + 40, new
    {
        id, direction = "inbound", status = "done", raw_digits = digits, started_at = T + at, ended_at = T + at + 30, missed_call_reason = reason, voicemail,
    }));

    private static List<PopChange> Pops(params (string Name, long After, object Data)[] events)
    {
        Call? call = null;
        List<PopChange> pops = [];
        foreach (var (name, after, data) in events)
        {
            var said = Event(name, after, data);
            var next = CallMerge.Apply(call, said);
            pops.Add(PopRules.After(call, next, said, Time(after)));
            call = next;
        }

        return pops;
    }
}
