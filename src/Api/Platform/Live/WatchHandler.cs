using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Starts a watch without a hole: first the connection keeps what comes, then the database's moment is read, then only what
/// is later than that moment is sent.
/// </summary>
internal sealed partial class WatchHandler(
    LiveConnections connections, WatchReadings readings, LiveDispatcher dispatcher, IOptions<LiveOptions> options, TimeProvider time,
    ILogger<WatchHandler> logger) : IDisposable
{
    /// <summary>An answer of fewer bytes is nothing to wait for.</summary>
    private const int Small = 128 * 1024;

    /// <summary>How long a large answer that is on its way keeps its place: a slow line must not hold up the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _places = new(options.Value.MaximumReads);

    public async Task<WatchAnswer> WatchAsync(string connectionId, WatchRequest? request, CancellationToken aborted)
    {
        var connection = connections.Get(connectionId);
        var filter = WatchRules.Check(request, connection.Caller);
        // Before the connection keeps what comes, as that is bounded.
        await _places.WaitAsync(aborted);
        var sent = Task.CompletedTask;
        try
        {
            var moment = await BeginAsync(connection, filter, request!.Since);
            var answer = new WatchAnswer(moment);
            if (moment.Length > Small)
            {
                sent = SentAsync(connection, answer);
            }

            return answer;
        }
        finally
        {
            _ = LeaveAsync(sent, aborted);
            // What waits goes out at the next tick: SignalR writes the answer when this method has returned.
            dispatcher.Wake();
        }
    }

    public void End(string connectionId)
    {
        var connection = connections.Get(connectionId);
        connections.Leave(connection);
        connection.End(null);
    }

    public void Dispose() => _places.Dispose();

    private async Task<WatchMoment> BeginAsync(LiveConnection connection, WatchFilter filter, long? since)
    {
        var round = connection.Begin();
        connections.Join(connection, filter);
        var answered = false;
        try
        {
            var moment = await readings.ReadAsync(filter, since);
            if (connection.View is { } view)
            {
                dispatcher.Told(view, moment.Inside);
            }

            answered = connection.Answer(round, moment.Sequence);
            return answered ? moment : throw new HubException("The watch was ended meanwhile: call Watch again without since.");
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
        {
            LogUnreadable(logger, fault);
            throw new HubException("The database does not answer: call Watch again in a moment.");
        }
        finally
        {
            if (!answered)
            {
                connections.Leave(connection);
                connection.End(null);
            }
        }
    }

    // A connection's writes go one after the other, so what is written after the answer is written when that has gone.
    private static async Task SentAsync(LiveConnection connection, WatchAnswer answer)
    {
        await answer.Encoded;
        await connection.PingAsync();
    }

    private async Task LeaveAsync(Task sent, CancellationToken aborted)
    {
        await sent.WaitAsync(Patience, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _places.Release();
    }

    [LoggerMessage(LogLevel.Warning, "A watch could not be read from the database")]
    private static partial void LogUnreadable(ILogger logger, Exception fault);
}
