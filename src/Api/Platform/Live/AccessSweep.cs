using System.Threading.Channels;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Closes the connections whose caller would not be let in any more, or not with the same rights: a session that was
/// revoked, an account that was closed, a role that changed, a key that expired. At once when a change says so, and every
/// two seconds besides, for what no change tells.
/// </summary>
internal sealed partial class AccessSweep(
    LiveConnections connections, CallerCheck check, AccessNews news, TimeProvider time, ILogger<AccessSweep> logger)
    : BackgroundService, IChangeListener
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        foreach (var change in changes)
        {
            if (change.EntityType is "user_session" or "user_account" or "user_role" or "api_key")
            {
                Wake();
                return;
            }
        }
    }

    public void OnReset(string reason) => Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        news.Forgotten += Wake;
        await using var ticks = time.CreateTimer(_ => Wake(), null, Interval, Interval);
        await foreach (var _ in _wake.Reader.ReadAllAsync(stoppingToken))
        {
            await SweepAsync();
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    internal async Task SweepAsync()
    {
        foreach (var connection in connections.All)
        {
            try
            {
                if (!await check.StandsAsync(connection.Caller))
                {
                    connection.Close("its credentials ended");
                }
            }
            // A database that does not answer says nothing about anybody's rights; the next sweep asks again.
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogNotChecked(logger, fault);
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether connections may go on could not be looked up; asked again in two seconds")]
    private static partial void LogNotChecked(ILogger logger, Exception fault);
}
