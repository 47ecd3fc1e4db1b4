using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Tells this process and, by the streams, the other hosts where vehicles are. It never holds a writer up and may lose
/// positions: the next one makes up for it.
/// </summary>
/// <param name="cluster">Whose streams; null where there is no other host to listen.</param>
/// <param name="listeners">Who listens here.</param>
/// <param name="logger">Hears what is lost.</param>
internal sealed partial class PositionPublisher(
    IClusterClient? cluster, IEnumerable<IPositionListener> listeners, ILogger<PositionPublisher> logger) : BackgroundService
{
    private readonly IPositionListener[] _listeners = [.. listeners];
    private readonly Channel<(int Shard, PositionsMoved Moved)> _queue = Channel.CreateBounded<(int, PositionsMoved)>(
        new BoundedChannelOptions(1_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public void Publish(int shard, PositionsMoved moved)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener.Take(moved);
            }
            // The writer goes on whatever becomes of a screen.
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogNotTaken(logger, moved.Positions.Count, fault);
            }
        }

        if (cluster is not null)
        {
            _queue.Writer.TryWrite((shard, moved));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (shard, moved) in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await cluster!.GetStreamProvider(StreamNames.Provider)
                    .GetStream<PositionsMoved>(StreamNames.Positions(shard % StreamNames.Shards))
                    .OnNextAsync(moved);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogNotPublished(logger, moved.Positions.Count, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Count} positions could not be taken; the next ones make up for them")]
    private static partial void LogNotTaken(ILogger logger, int count, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The stream did not take {Count} positions; the next ones make up for them")]
    private static partial void LogNotPublished(ILogger logger, int count, Exception fault);
}
