using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Brings the streams to this node: a subscription for each shard of positions and of changes, each proved by itself, as each
/// can fail by itself (see <see cref="ProvenSubscription"/>). The proof is an empty message on the shard's own stream, which
/// every listener passes over; so no stream of heartbeats is needed, which could be alive while a shard is not.
/// </summary>
internal sealed partial class StreamSubscriptions : BackgroundService
{
    private readonly ProvenSubscription[] _changes;
    private readonly ProvenSubscription[] _positions;

    public StreamSubscriptions(
        IClusterClient cluster, ChangeFeed feed, LiveDispatcher dispatcher, IOptions<LiveOptions> options, TimeProvider time,
        ILogger<StreamSubscriptions> logger)
    {
        var shards = Enumerable.Range(0, StreamNames.Shards);
        _changes = [.. shards.Select(shard => Prove(StreamNames.Changes(shard), new ChangesCommitted([]), feed.Take))];
        _positions = [.. shards.Select(shard => Prove(StreamNames.Positions(shard), new PositionsMoved([]), dispatcher.Take))];

        ProvenSubscription Prove<T>(StreamId id, T empty, Action<T> take) => new(
            id.ToString(), proved => SubscribeAsync(Stream<T>(id), take, proved), () => Stream<T>(id).OnNextAsync(empty), options.Value, time, logger);

        IAsyncStream<T> Stream<T>(StreamId id) => cluster.GetStreamProvider(StreamNames.Provider).GetStream<T>(id);

        async Task<Func<Task>> SubscribeAsync<T>(IAsyncStream<T> stream, Action<T> take, Action proved)
        {
            var handle = await stream.SubscribeAsync(items =>
            {
                proved();
                foreach (var item in items)
                {
                    try
                    {
                        take(item.Item);
                    }
                    catch (Exception fault)
                    {
                        // Orleans would repeat the message for a minute and hold up what follows.
                        LogFailed(logger, fault);
                    }
                }

                return Task.CompletedTask;
            });
            return handle.UnsubscribeAsync;
        }
    }

    /// <summary>Whether every stream delivers to this node; while not, changes come from <c>change_event</c>.</summary>
    public bool AllProven => _changes.Concat(_positions).All(subscription => subscription.IsProven);

    /// <summary>Whether positions come; while not, they are read (<see cref="PositionRows"/>).</summary>
    public bool PositionsFlow => Array.TrueForAll(_positions, subscription => subscription.IsHeard);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_changes.Concat(_positions).Select(subscription => subscription.RunAsync(stoppingToken)));

    [LoggerMessage(LogLevel.Error, "A stream's message could not be taken")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
