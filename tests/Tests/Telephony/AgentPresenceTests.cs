using System.Text.Json;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Calls;
using FsCheck.Xunit;
using static ChargeCars.Tests.Telephony.CallMergeTests;

namespace ChargeCars.Tests.Telephony;

public sealed class AgentPresenceTests
{
    private static readonly object An = new { id = 1, name = "An" };
    private static readonly object Bo = new { id = 2, name = "Bo" };

    [Fact]
    public void Presence_OfAnyOrder_IsThatOfTheOrderOfTime()
    {
        CallPerson an = new("1", "An", null);
        AgentEvent[] day =
        [
            new(an, AgentEventKind.Connected, Time(0)), new(an, AgentEventKind.Opened, Time(1)), new(an, AgentEventKind.CallStarted, Time(10), CallId: "7"),
            new(an, AgentEventKind.CallEnded, Time(20), CallId: "7"), new(an, AgentEventKind.WrapUpStarted, Time(20)),
                new(an, AgentEventKind.WrapUpEnded, Time(30)),
            new(an, AgentEventKind.Closed, Time(40)), new(an, AgentEventKind.Closed, Time(40), "out_for_lunch"),
                new(an, AgentEventKind.Disconnected, Time(50)),
        ];
        AgentStatus[] expected =
        [
            AgentStatus.Available, AgentStatus.Available, AgentStatus.InCall, AgentStatus.Available, AgentStatus.WrapUp, AgentStatus.Available,
            AgentStatus.Unavailable, AgentStatus.Unavailable, AgentStatus.Offline,
        ];
        for (var length = 1; length <= day.Length; length++)
        {
            var shuffled = Enumerable.Repeat(day[..length], 2).SelectMany(said => said).ToArray();
            new Random(length).Shuffle(shuffled);
            var presence = shuffled.Aggregate((AgentPresence?)null, (known, said) => PresenceMerge.Apply(known, said))!;
            Assert.Equal((length, expected[length - 1]), (length, presence.Status));
        }
    }

    [Property(MaxTest = 100)]
    public void Presence_OfManyCalls_IsTheSameInAnyOrder_AndRemembersFew(int seed)
    {
        CallPerson an = new("1", "An", null);
        var random = new Random(seed);
        AgentEvent[] day =
        [
            .. Enumerable.Range(0, 30).SelectMany(call =>
            {
                var (began, id) = (call * 10, $"{call}");
                return new AgentEvent[]
                {
                    new(an, AgentEventKind.CallStarted, Time(began), CallId: id), new(an, AgentEventKind.CallEnded, Time(began + random.Next(12)), CallId: id),
                    new(an, AgentEventKind.CallEnded, Time(began + random.Next(12)), CallId: id),
                };
            }),
        ];
        var ordered = Joined(day.OrderBy(said => said.At));
        AgentEvent[] shuffled = [.. day, .. day];
        random.Shuffle(shuffled);

        Assert.Equal(JsonSerializer.Serialize(ordered), JsonSerializer.Serialize(Joined(shuffled)));
        Assert.InRange(ordered.EndedCalls.Count, 0, 6);

        static AgentPresence Joined(IEnumerable<AgentEvent> said) =>
            said.Aggregate((AgentPresence?)null, (known, one) => PresenceMerge.Apply(known, one))!;
    }

    [Fact]
    public void Presence_OfACall_ComesFromItsEvents()
    {
        Assert.Equal(AgentEventKind.CallStarted, Assert.Single(PresenceMerge.Of(Event("call.answered", 0, new { id = 1, user = An }))).Kind);
        Assert.Equal(AgentEventKind.CallEnded, Assert.Single(PresenceMerge.Of(Event("call.hungup", 0, new { id = 1, user = An }))).Kind);
        Assert.Equal("1", Assert.Single(PresenceMerge.Of(Event("call.transferred", 0, new { id = 1, user = Bo, transferred_by = An }))).Agent.Id);
        Assert.Empty(PresenceMerge.Of(Event("call.tagged", 0, new { id = 1, user = An })));
    }
}
