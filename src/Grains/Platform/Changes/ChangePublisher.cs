using System.Threading.Channels;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Platform.Changes;

/// <summary>
/// Tells the streams what was committed. It never holds a commit up and may lose a message: the changes are in
/// <c>change_event</c>, and whoever listens notices a hole by the sequence.
/// </summary>
public sealed partial class ChangePublisher(IClusterClient cluster, ILogger<ChangePublisher> logger) : BackgroundService
{
    private readonly Channel<ChangesCommitted> _queue = Channel.CreateBounded<ChangesCommitted>(
        new BoundedChannelOptions(1_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Hands committed changes to the streams; never waits. What is lost is read from <c>change_event</c>.</summary>
    public void Publish(IReadOnlyList<ChangeEvent> changes) => _queue.Writer.TryWrite(new(changes));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shard = 0;
        await foreach (var committed in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            shard = (shard + 1) % StreamNames.Shards;
            try
            {
                await cluster.GetStreamProvider(StreamNames.Provider)
                    .GetStream<ChangesCommitted>(StreamNames.Changes(shard))
                    .OnNextAsync(committed);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogNotPublished(logger, committed.Changes[0].Sequence, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stream did not take the changes from {Sequence} on; listeners read them from change_event")]
    private static partial void LogNotPublished(ILogger logger, long sequence, Exception fault);
}
