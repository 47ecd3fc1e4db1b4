using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace ChargeCars.Api.Platform.Feeds;

/// <summary>Polls a service for the whole cluster. One of each, with key 0.</summary>
internal interface IPolledFeedGrain : IGrainWithIntegerKey
{
    /// <summary>Polls from now on, on some host, until the service is no longer configured.</summary>
    [Alias("start"), AlwaysInterleave]
    Task StartAsync();
}

/// <summary>A service did not serve us; asking later may help.</summary>
internal class FeedException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>How long it asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Polls a service at an interval, and ever later while it fails. A reminder brings the grain back after its host died.</summary>
/// <typeparam name="TCursor">How far the service was read; stored after each poll.</typeparam>
internal abstract partial class PolledFeedGrain<TCursor>(IPersistentState<TCursor> cursor, ILogger logger) : Grain, IPolledFeedGrain, IRemindable
{
    /// <summary>Brings the grain back within this after its host died; Orleans' shortest.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private const string ReminderName = "poll";
    private IGrainTimer? _timer;
    private int _failures;

    /// <summary>The service's name, for the log.</summary>
    protected abstract string Service { get; }

    /// <summary>Whether it is configured.</summary>
    protected abstract bool IsEnabled { get; }

    /// <summary>The time between two polls.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Reads what is new, and moves the cursor as far as it gets.</summary>
    /// <exception cref="FeedException">The service did not serve us.</exception>
    protected abstract Task RunAsync(TCursor cursor, CancellationToken cancellation);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (IsEnabled)
        {
            // The timer's own turns let others in, so that a long poll keeps nobody waiting; it never overlaps itself.
            _timer = this.RegisterGrainTimer(PollAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Interval)
            {
                Interleave = true,
                KeepAlive = true,
            });
        }

        return Task.CompletedTask;
    }

    public Task StartAsync() => this.RegisterOrUpdateReminder(ReminderName, Reminder, Reminder);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!IsEnabled && await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
            DeactivateOnIdle();
        }
    }

    private async Task PollAsync(CancellationToken cancellation)
    {
        try
        {
            try
            {
                await RunAsync(cursor.State, cancellation);
            }
            finally
            {
                // Also what a failed or stopped poll has got.
                await cursor.WriteStateAsync(CancellationToken.None);
            }

            if (_failures > 0)
            {
                LogRecovered(logger, Service, _failures);
                _failures = 0;
                _timer?.Change(Interval, Interval);
            }
        }
        catch (InconsistentStateException)
        {
            // Another activation polls too; this one goes.
            DeactivateOnIdle();
        }
        // Whatever it is, the next poll begins where this one ended.
#pragma warning disable CA1031
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var wait = FeedBackoff.After(++_failures, Interval, (fault as FeedException)?.RetryAfter);
            LogFailed(logger, Service, _failures, wait, fault.GetType().Name, fault.Message);
            _timer?.Change(wait, Interval);
        }
#pragma warning disable CA1031
        catch (Exception) when (cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // The host stops; the next one goes on.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Service} could not be polled ({Failures} times in a row); again in {Wait}. {Kind}: {Message}")]
    private static partial void LogFailed(ILogger logger, string service, int failures, TimeSpan wait, string kind, string message);

    [LoggerMessage(LogLevel.Information, "{Service} answers again after {Failures} failed polls")]
    private static partial void LogRecovered(ILogger logger, string service, int failures);
}
