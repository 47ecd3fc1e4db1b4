using ChargeCars.Tests.Platform.Live;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class PositionPublisherTests
{
    private static readonly PositionsMoved Moved = new([LiveRows.Position(Guid.NewGuid())]);

    [Fact]
    public void Publish_ToWhoListensHere_TellsThemBeforeItReturns()
    {
        var (first, second) = (new Listener(), new Listener());
        using var publisher = new PositionPublisher(null, [first, second], NullLogger<PositionPublisher>.Instance);

        publisher.Publish(1, Moved);

        Assert.Same(Moved, Assert.Single(first.Heard));
        Assert.Same(Moved, Assert.Single(second.Heard));
    }

    [Fact]
    public void Publish_WhereOneListenerFails_TellsTheOthersAndDoesNotThrow()
    {
        var second = new Listener();
        using var publisher = new PositionPublisher(null, [new Broken(), second], NullLogger<PositionPublisher>.Instance);

        publisher.Publish(0, Moved);

        Assert.Single(second.Heard);
    }

    private sealed class Listener : IPositionListener
    {
        public List<PositionsMoved> Heard { get; } = [];

        public void Take(PositionsMoved moved) => Heard.Add(moved);
    }

    private sealed class Broken : IPositionListener
    {
        public void Take(PositionsMoved moved) => throw new InvalidOperationException("a screen's fault");
    }
}
