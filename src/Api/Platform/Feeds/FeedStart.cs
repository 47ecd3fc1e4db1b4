using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Feeds;

/// <summary>Wakes a feed once; from then on its reminder does.</summary>
/// <typeparam name="TFeed">The feed.</typeparam>
internal sealed partial class FeedStart<TFeed>(bool isEnabled, IGrainFactory grains, TimeProvider time, ILogger<FeedStart<TFeed>> logger) : BackgroundService
    where TFeed : IPolledFeedGrain
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (isEnabled)
        {
            try
            {
                await grains.GetGrain<TFeed>(0).StartAsync();
                return;
            }
            // Whatever keeps the cluster from answering passes.
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogNotStarted(logger, typeof(TFeed).Name, Again, fault);
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The feed {Feed} could not be started; again in {Again}")]
    private static partial void LogNotStarted(ILogger logger, string feed, TimeSpan again, Exception fault);
}
