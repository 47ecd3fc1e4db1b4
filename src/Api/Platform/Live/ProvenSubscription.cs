using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// One stream subscription that proves itself: a message of our own goes through the stream at every beat, and whatever
/// arrives, that or any other, is the proof. Silent for too long, it is made anew and the old one given up.
/// <c>subscribe</c> answers with what unsubscribes; <c>probe</c> sends the message of our own.
/// </summary>
internal sealed partial class ProvenSubscription(
    string stream, Func<Action, Task<Func<Task>>> subscribe, Func<Task> probe, LiveOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Func<Task>? _unsubscribe;
    private long _provenAt;
    private long _heardAt = long.MinValue;
    private bool _failing;

    /// <summary>How often it was made, the first time included.</summary>
    public int Subscriptions { get; private set; }

    /// <summary>Whether something arrived lately; a subscription that was only just made has heard nothing yet.</summary>
    public bool IsHeard => Interlocked.Read(ref _heardAt) is > long.MinValue and var at && time.GetElapsedTime(at) <= options.ProbeTimeout;

    /// <summary>Whether something arrived lately, or may still do so as it was only just made.</summary>
    public bool IsProven => _unsubscribe is not null && time.GetElapsedTime(Interlocked.Read(ref _provenAt)) <= options.ProbeTimeout;

    /// <summary>Beats until it is stopped, then unsubscribes: a subscription outlives whoever made it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await BeatAsync();
            await Task.Delay(options.ProbeInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_unsubscribe is { } unsubscribe)
        {
            await GiveUpAsync(unsubscribe);
        }
    }

    internal async Task BeatAsync()
    {
        try
        {
            if (!IsProven)
            {
                var old = _unsubscribe;
                _unsubscribe = await subscribe(Hear).WaitAsync(Patience, time);
                Interlocked.Exchange(ref _provenAt, time.GetTimestamp());
                Subscriptions++;
                if (old is not null)
                {
                    LogRenewed(logger, stream, options.ProbeTimeout);
                    await GiveUpAsync(old);
                }
            }

            await probe().WaitAsync(Patience, time);
            _failing = false;
        }
        catch (Exception fault)
        {
            // The cluster is not up yet, or is gone for the moment: the next beat tries again.
            if (!_failing)
            {
                LogFailed(logger, stream, fault);
            }

            _failing = true;
        }
    }

    private void Hear()
    {
        var now = time.GetTimestamp();
        Interlocked.Exchange(ref _heardAt, now);
        Interlocked.Exchange(ref _provenAt, now);
    }

    private async Task GiveUpAsync(Func<Task> unsubscribe)
    {
        try
        {
            await unsubscribe().WaitAsync(Patience, time);
        }
        catch (Exception fault)
        {
            LogNotGivenUp(logger, stream, fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing came from the stream {Stream} for {Limit}: subscribed anew")]
    private static partial void LogRenewed(ILogger logger, string stream, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "The stream {Stream} does not answer; trying again")]
    private static partial void LogFailed(ILogger logger, string stream, Exception fault);

    [LoggerMessage(LogLevel.Debug, "The old subscription of {Stream} could not be given up")]
    private static partial void LogNotGivenUp(ILogger logger, string stream, Exception fault);
}
