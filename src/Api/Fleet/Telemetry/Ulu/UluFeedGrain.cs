using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>Polls ULU for the whole cluster. One, with key 0.</summary>
[Alias("ChargeCars.IUluFeedGrain")]
internal interface IUluFeedGrain : IGrainWithIntegerKey
{
    /// <summary>Polls from now on, on some host, until ULU is no longer configured.</summary>
    [Alias("start"), AlwaysInterleave]
    Task StartAsync();
}

/// <inheritdoc/>
internal sealed partial class UluFeedGrain(
    [PersistentState("ulu", StorageNames.Feeds)] IPersistentState<UluCursor> cursor,
    UluPoll poll, IOptions<UluOptions> options, ILogger<UluFeedGrain> logger) : Grain, IUluFeedGrain, IRemindable
{
    /// <summary>Brings the grain back within this after its host died; Orleans' shortest.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private const string ReminderName = "poll";
    private IGrainTimer? _timer;
    private int _failures;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsEnabled)
        {
            // The timer's own turns let others in, so that a long poll keeps nobody waiting; it never overlaps itself.
            _timer = this.RegisterGrainTimer(PollAsync, new GrainTimerCreationOptions(TimeSpan.Zero, options.Value.Interval)
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
        if (!options.Value.IsEnabled && await this.GetReminder(reminderName) is { } reminder)
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
                await poll.RunAsync(cursor.State, cancellation);
            }
            finally
            {
                // Also what a failed or stopped poll has got.
                await cursor.WriteStateAsync(CancellationToken.None);
            }

            if (_failures > 0)
            {
                LogRecovered(logger, _failures);
                _failures = 0;
                _timer?.Change(options.Value.Interval, options.Value.Interval);
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
            var wait = UluBackoff.After(++_failures, options.Value.Interval, (fault as UluException)?.RetryAfter);
            LogFailed(logger, _failures, wait, fault.GetType().Name, fault.Message);
            _timer?.Change(wait, options.Value.Interval);
        }
#pragma warning disable CA1031
        catch (Exception) when (cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // The host stops; the next one goes on.
        }
    }

    [LoggerMessage(LogLevel.Warning, "ULU could not be polled ({Failures} times in a row); again in {Wait}. {Kind}: {Message}")]
    private static partial void LogFailed(ILogger logger, int failures, TimeSpan wait, string kind, string message);

    [LoggerMessage(LogLevel.Information, "ULU answers again after {Failures} failed polls")]
    private static partial void LogRecovered(ILogger logger, int failures);
}

/// <summary>How long ULU is left alone after it failed.</summary>
internal static class UluBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>What it asks for itself is believed up to this: more than a working hour is no answer to a request too many.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>
    /// Twice as long after every further failure, a quarter of an hour at most, never less than the interval; longer, in whole
    /// intervals, where ULU asks for it.
    /// </summary>
    public static TimeSpan After(int failures, TimeSpan interval, TimeSpan? asked = null)
    {
        var wait = interval * Math.Pow(2, Math.Min(failures, 20));
        wait = wait < Longest ? wait : interval > Longest ? interval : Longest;
        var least = asked is not { } time ? TimeSpan.Zero : time < LongestAsked ? time : LongestAsked;
        return wait >= least ? wait : interval * Math.Ceiling(least / interval);
    }
}
