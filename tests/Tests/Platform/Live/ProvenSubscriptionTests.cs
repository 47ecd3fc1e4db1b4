using ChargeCars.Api.Platform.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Live;

public sealed class ProvenSubscriptionTests
{
    private readonly FakeTimeProvider _time = new();
    private Action? _deliver;
    private bool _connected = true;
    private int _given;

    [Fact]
    public async Task Subscription_WhoseProbesComeBack_IsKept()
    {
        var subscription = Make();
        for (var i = 0; i < 10; i++)
        {
            await subscription.BeatAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, subscription.Subscriptions);
        Assert.True(subscription.IsProven);
    }

    [Fact]
    public async Task Subscription_SilentForThreeSeconds_IsMadeAnewAndTheOldOneGivenUp()
    {
        var subscription = Make();
        await subscription.BeatAsync();
        _connected = false;
        for (var i = 0; i < 5; i++)
        {
            await subscription.BeatAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, subscription.Subscriptions);
        Assert.Equal(1, _given);
    }

    [Fact]
    public async Task Subscription_MadeAnewAndStillSilent_IsNotHeard()
    {
        var subscription = Make();
        Assert.False(subscription.IsHeard);
        await subscription.BeatAsync();
        Assert.True(subscription.IsHeard);
        _connected = false;
        _time.Advance(TimeSpan.FromSeconds(4));
        await subscription.BeatAsync();

        // It is given time to prove itself, but nothing has come through it.
        Assert.True(subscription.IsProven);
        Assert.False(subscription.IsHeard);
    }

    [Fact]
    public async Task Subscription_WhileTheClusterIsNotUp_TriesAgain()
    {
        var up = false;
        var subscription = new ProvenSubscription(
            "test", _ => up ? Task.FromResult<Func<Task>>(() => Task.CompletedTask) : throw new InvalidOperationException("not yet"),
            () => Task.CompletedTask, new LiveOptions(), _time, NullLogger.Instance);
        await subscription.BeatAsync();
        Assert.False(subscription.IsProven);
        up = true;
        await subscription.BeatAsync();
        Assert.True(subscription.IsProven);
    }

    private ProvenSubscription Make() => new(
        "test",
        proved =>
        {
            _deliver = proved;
            return Task.FromResult<Func<Task>>(() =>
            {
                _given++;
                throw new InvalidOperationException("the silo that knew it is gone");
            });
        },
        () =>
        {
            if (_connected)
            {
                _deliver!();
            }

            return Task.CompletedTask;
        },
        new LiveOptions(), _time, NullLogger.Instance);
}
