using ChargeCars.Vehicles;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ChargeCars.Vehicles.Positions;

namespace ChargeCars.Api.Live;

/// <summary>
/// Starts a watch without a hole: first the connection keeps what comes, then the database's moment is read, then only what
/// is later than that moment is sent.
/// </summary>
internal sealed partial class WatchHandler(
    LiveConnections connections, WatchReader reader, ChangeFeed feed, PositionBoard board, IOptions<PositionOptions> positions, LiveDispatcher dispatcher,
    IOptions<LiveOptions> options, TimeProvider time, ILogger<WatchHandler> logger) : IDisposable
{
    /// <summary>Between a commit and its position's arrival here, and between two hosts' clocks.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly LiveOptions _options = options.Value;
    private readonly SemaphoreSlim _reads = new(options.Value.MaximumReads);

    public async Task<WatchAnswer> WatchAsync(string connectionId, WatchRequest? request, CancellationToken aborted)
    {
        var connection = connections.Get(connectionId);
        var filter = WatchRules.Check(request, connection.Caller);
        var round = connection.Begin();
        connections.Join(connection, filter);
        var answered = false;
        try
        {
            var answer = await ReadAsync(filter, request!.Since, aborted);
            answered = connection.Answer(round, answer.Sequence);
            return answered ? answer : throw new HubException("The watch was ended meanwhile: call Watch again without since.");
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
                End(connectionId);
            }

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

    public void Dispose() => _reads.Dispose();

    private async Task<WatchAnswer> ReadAsync(WatchFilter filter, long? since, CancellationToken aborted)
    {
        await _reads.WaitAsync(aborted);
        try
        {
            var moment = await reader.ReadAsync(filter, since, _options.MaximumReplay, feed.Head, aborted);
            // The answer counts them as told: the board must not be behind it.
            foreach (var (vehicle, span) in moment.Removed)
            {
                board.Remove(vehicle, span);
            }

            var now = time.GetUtcNow();
            var vehicles = moment.Vehicles.Select(vehicle => Overlay(vehicle, filter, now));
            return new(
                moment.Sequence, moment.Resumed,
                [.. moment.Resumed ? vehicles.Where(vehicle => MayBeNews(vehicle, filter, moment.SinceAt)) : vehicles],
                moment.Changes);
        }
        finally
        {
            _reads.Release();
        }
    }

    /// <summary>The vehicle with the newest position that is known: the row's may be two seconds behind.</summary>
    private VehicleSnapshot Overlay(VehicleSnapshot vehicle, WatchFilter filter, DateTimeOffset now)
    {
        if (board.TryGet(vehicle.Id, out var heard) && (vehicle.LastLocationUpdate is not { } row || heard.FixTime > row))
        {
            vehicle = vehicle with { CurrentLocation = heard.ToLocation(), LastLocationUpdate = heard.FixTime };
        }

        vehicle = vehicle with { Freshness = positions.Value.FreshnessOf(vehicle.LastLocationUpdate, now) };
        return filter.Positions ? vehicle : vehicle with { CurrentLocation = null, LastLocationUpdate = null };
    }

    /// <summary>
    /// Whether a client that was away may have missed this position. Inside an area always, as the client may have moved its
    /// area; else by when it came, or, where this node was not there to hear it, by doubt.
    /// </summary>
    private bool MayBeNews(VehicleSnapshot vehicle, WatchFilter filter, DateTimeOffset? sinceAt)
    {
        if (vehicle.CurrentLocation is not { } location || !filter.Covers(vehicle.Id, location.Latitude, location.Longitude))
        {
            return false;
        }

        return filter.Area is not null
            || sinceAt is not { } since || board.Since > since - Margin
            || vehicle.LastLocationUpdate >= since - Margin
            || board.MovedSince(vehicle.Id, since - Margin);
    }

    [LoggerMessage(LogLevel.Warning, "A watch could not be read from the database")]
    private static partial void LogUnreadable(ILogger logger, Exception fault);
}
