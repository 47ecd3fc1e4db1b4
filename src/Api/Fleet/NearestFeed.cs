using System.Collections.Frozen;
using System.Threading.Channels;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Fleet;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Fleet;

/// <summary>
/// Keeps <see cref="NearestIndex"/> as the database and this node's positions have it. It reads all vehicles once, then those that
/// a change names; where vehicles are it takes from the board, which hears every position.
/// </summary>
/// <param name="rows">Reads vehicles and visits.</param>
/// <param name="index">What it keeps.</param>
/// <param name="board">Where vehicles were heard of.</param>
/// <param name="follows">Completes when the changes are followed: what was committed before that is read, the rest is told.</param>
/// <param name="time">The clock of its rounds.</param>
/// <param name="logger">Hears that the database is away.</param>
internal sealed partial class NearestFeed(
    NearestRows rows, NearestIndex index, PositionBoard board, Func<Task> follows, TimeProvider time, ILogger<NearestFeed> logger)
    : BackgroundService, IChangeListener
{
    /// <summary>How far the places may be behind.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int AtOnce = 500;

    /// <summary>What vehicles tell most of, and nothing that the index depends on. A type that is new is looked into.</summary>
    private static readonly FrozenSet<string> Idle = FrozenSet.ToFrozenSet(
        [
            "vehicle.freshness_changed", "vehicle.trip_started", "vehicle.trip_ended", "vehicle.stop_moved", "vehicle.trips_repaired", "vehicle.overspeed",
            "vehicle.mileage_changed", RefusalChange.Refused, RefusalChange.ClockCorrected,
        ],
        StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private HashSet<Guid> _vehicles = [];
    private HashSet<Guid> _visits = [];
    private HashSet<Guid> _moved = [];
    private bool _all = true;

    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        var news = false;
        lock (_gate)
        {
            foreach (var change in changes)
            {
                news |= change.EntityType switch
                {
                    "vehicle" => !Idle.Contains(change.Type) && _vehicles.Add(change.EntityId),
                    "visit" => _visits.Add(change.EntityId),
                    _ => false,
                };
            }
        }

        if (news)
        {
            _wake.Writer.TryWrite(true);
        }
    }

    public void OnReset(string reason)
    {
        lock (_gate)
        {
            _all = true;
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Takes over what was told since the last round. Throws what the database throws; then the next round makes up for it.</summary>
    internal async Task FollowAsync(CancellationToken cancellation)
    {
        var (all, vehicles, visits, moved) = Take();
        try
        {
            if (all)
            {
                var busy = await rows.VisitsAsync(null, cancellation);
                index.Load(await rows.VehiclesAsync(null, cancellation), busy);
                index.Move(board.All());
                return;
            }

            foreach (var asked in visits.Chunk(AtOnce))
            {
                index.PutVisits(asked, await rows.VisitsAsync(asked, cancellation));
            }

            foreach (var asked in vehicles.Chunk(AtOnce))
            {
                index.Put(asked, await rows.VehiclesAsync(asked, cancellation));
                index.Move(board.Of(asked)); // The row is up to two seconds behind.
            }

            foreach (var heard in moved.Chunk(AtOnce))
            {
                index.Move(board.Of(heard));
            }
        }
        catch
        {
            lock (_gate)
            {
                _all |= all;
                _vehicles.UnionWith(vehicles);
                _visits.UnionWith(visits);
                _moved.UnionWith(moved);
            }

            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        board.Moved += Note;
        await follows().WaitAsync(stoppingToken);
        await using var ticks = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, Interval, Interval);
        var failing = false;
        do
        {
            _wake.Reader.TryRead(out _);
            try
            {
                await FollowAsync(stoppingToken);
                failing = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failing)
                {
                    LogNotRead(logger, fault);
                }

                failing = true;
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        while (await _wake.Reader.WaitToReadAsync(stoppingToken));
    }

    private void Note(Guid vehicle)
    {
        lock (_gate)
        {
            _moved.Add(vehicle);
        }
    }

    private (bool All, HashSet<Guid> Vehicles, HashSet<Guid> Visits, HashSet<Guid> Moved) Take()
    {
        lock (_gate)
        {
            var taken = (_all, _vehicles, _visits, _moved);
            (_all, _vehicles, _visits, _moved) = (false, [], [], []);
            return taken;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Which vehicles are nearest can't be kept up; what is known goes on to count")]
    private static partial void LogNotRead(ILogger logger, Exception fault);
}

/// <summary>Registration of what keeps the index of the nearest vehicles.</summary>
public static class NearestServices
{
    /// <summary>Needs the fleet's reads and the live feed; to be registered after that, so that the board forgets what was removed before.</summary>
    public static IServiceCollection AddNearestFeed(this IServiceCollection services) => services
        .AddSingleton(provider => new NearestFeed(
            provider.GetRequiredService<NearestRows>(), provider.GetRequiredService<NearestIndex>(), provider.GetRequiredService<PositionBoard>(),
            // The feed has this one among its listeners, so it can't be asked for yet.
            () => provider.GetRequiredService<ChangeFeed>().Started, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<NearestFeed>>()))
        .AddSingleton<IChangeListener>(provider => provider.GetRequiredService<NearestFeed>())
        .AddHostedService(provider => provider.GetRequiredService<NearestFeed>());
}
