using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Calls;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static ChargeCars.Tests.Telephony.CallMergeTests;

namespace ChargeCars.Tests.Telephony;

/// <summary>Calls and threads between hosts: a list that was written as an expression must travel like any other.</summary>
public sealed class CallWireTests
{
    private static readonly Serializer Wire = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Call_BetweenHosts_ArrivesAsItWas()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var bodies = AircallStory.Of(seed);
            var call = AircallStory.Row(bodies);
            Assert.Equal(Json(call), Json(Travelled(call)));
            Assert.All(bodies.Select(AircallStory.Event), said =>
                Assert.Equal(Json(CallMerge.Apply(null, said)), Json(CallMerge.Apply(null, Travelled(said)))));
        }
    }

    [Fact]
    public void Threads_Deliveries_AndAgents_ArriveAsTheyWere()
    {
        var thread = new CommunicationThread { Id = Guid.NewGuid(), Flags = [ThreadFlag.Flood] };
        var delivery = new MessageDelivery { Status = MessageStatus.Uncertain, Attempt = 2 };
        var presence = PresenceMerge.Apply(null, new(new("1", "An", null), AgentEventKind.CallEnded, DateTimeOffset.UnixEpoch, CallId: "7"));

        Assert.Equal((thread.Id, ThreadFlag.Flood), (Travelled(thread).Id, Assert.Single(Travelled(thread).Flags)));
        Assert.Equal(delivery, Travelled(delivery));
        Assert.Equal(presence.EndedCalls, Travelled(presence).EndedCalls);
        Assert.IsType<SnoozeThread>(Travelled<ThreadAction>(new SnoozeThread(DateTimeOffset.UnixEpoch)));
    }

    private static T Travelled<T>(T value) => Wire.Deserialize<T>(Wire.SerializeToArray(value))!;
}
