using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Vehicles.Positions;

/// <summary>
/// Tells the streams where vehicles are. It never holds a writer up and may lose positions: the next one makes up for it.
/// </summary>
internal sealed partial class PositionPublisher(IClusterClient cluster, ILogger<PositionPublisher> logger) : BackgroundService
{
    private readonly Channel<(int Shard, PositionsMoved Moved)> _queue = Channel.CreateBounded<(int, PositionsMoved)>(
        new BoundedChannelOptions(1_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public void Publish(int shard, PositionsMoved moved) => _queue.Writer.TryWrite((shard, moved));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (shard, moved) in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await cluster.GetStreamProvider(StreamNames.Provider)
                    .GetStream<PositionsMoved>(StreamNames.Positions(shard % StreamNames.Shards))
                    .OnNextAsync(moved);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogNotPublished(logger, moved.Positions.Count, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stream did not take {Count} positions; the next ones make up for them")]
    private static partial void LogNotPublished(ILogger logger, int count, Exception fault);
}
