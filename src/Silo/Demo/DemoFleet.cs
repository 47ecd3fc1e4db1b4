using System.Collections.Concurrent;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Silo.Demo;

/// <summary>
/// Drives the fleet: makes the vans that are not there, sends the day so far, then reports by the clock. All of it as
/// any tracker would: vehicles by commands, positions by the intake.
/// </summary>
internal sealed partial class DemoFleet(
    IGrainFactory grains, PositionIntake intake, NpgsqlDataSource source, TimeProvider time, IOptions<DemoOptions> options, ILogger<DemoFleet> logger)
    : BackgroundService
{
    private const string Find = "SELECT device_id, id, last_location_update, operational_status FROM vehicle WHERE device_id = ANY($1)";
    private const int AtOnce = 8;
    private const int BatchSize = 2_000;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly Actor Crew = new(ActorKind.Feed, null, "demo");

    private readonly DemoRhythm _rhythm = DemoRhythm.Of(options.Value.Vehicles);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host is to be there first.
        await Task.Yield();
        try
        {
            var vans = new ConcurrentQueue<DemoVan>();
            var drive = DriveAsync(vans, stoppingToken);
            // A fault of either is told at once: the other would go on without it.
            await await Task.WhenAny(GatherAsync(vans, stoppingToken), drive);
            await drive;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>
    /// Puts one van after the other on the road, those under way first: made where it is not there, then its day so far,
    /// oldest first, then the clock has it.
    /// </summary>
    private async Task GatherAsync(ConcurrentQueue<DemoVan> vans, CancellationToken cancellation)
    {
        var map = new RoadMap();
        var now = time.GetUtcNow();
        var fleet = Van.Fleet(options.Value.Seed, options.Value.Vehicles, map).Select(van => (Van: van, Tracker: new Tracker(van, map)))
            .OrderByDescending(van => van.Tracker.At(now).IsUnderway).ToList();
        var known = await RepeatAsync(() => FindAsync(fleet.Select(van => van.Van.DeviceId), cancellation), cancellation);
        LogStarted(logger, fleet.Count, _rhythm.LiveSeconds);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(fleet, limits, async (van, stop) =>
        {
            if (known.GetValueOrDefault(van.Van.DeviceId) is { } there)
            {
                vans.Enqueue(await CatchUpAsync(there, van.Tracker, stop));
            }
            else if (await CreateAsync(van.Van, time.GetUtcNow(), stop) is { } made)
            {
                vans.Enqueue(await CatchUpAsync(new(made, null, VehicleStatus.Parked), van.Tracker, stop));
            }
        });
        LogComplete(logger, vans.Count);
    }

    private async Task<DemoVan> CatchUpAsync(Known van, Tracker tracker, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var fixes in tracker.Fixes(PastOf(van.ReportedAt, now), now, _rhythm.PastSeconds).Chunk(BatchSize))
        {
            await SendAsync(fixes.Select(fix => (van.Id, fix)), cancellation);
        }

        return new(van.Id, tracker, now) { IsDriving = van.Status == VehicleStatus.Driving };
    }

    private static DateTimeOffset PastOf(DateTimeOffset? reportedAt, DateTimeOffset now)
    {
        var morning = VanDay.StartOf(VanDay.DateOf(now));
        var past = morning < now - DemoRhythm.Past ? morning : now - DemoRhythm.Past;
        return reportedAt > past ? reportedAt.Value : past;
    }

    private async Task<Dictionary<string, Known>> FindAsync(IEnumerable<string> devices, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Find);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, devices.ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, Known>();
        while (await row.ReadAsync(cancellation))
        {
            known[row.GetString(0)] = new(row.GetGuid(1), row.OptionalValue<DateTimeOffset>(2), WireText.Parse<VehicleStatus>(row.GetString(3)));
        }

        return known;
    }

    private async Task<Guid?> CreateAsync(Van van, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(now);
        var context = new CommandContext(Guid.CreateVersion7(now), Crew, MayRepeat: true);
        var made = await RepeatAsync(
            () => grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new Create<Vehicle, VehicleDetails>(van.Details(VanDay.DateOf(now))), context), cancellation);
        if (!made.Succeeded)
        {
            LogNotMade(logger, van.DeviceId, made.Error.Detail);
            return null;
        }

        if (van.Shift == Shift.None)
        {
            await ActAsync(id, VehicleAction.Maintain, "yearly inspection", cancellation);
        }

        return id;
    }

    private async Task DriveAsync(ConcurrentQueue<DemoVan> vans, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var now = time.GetUtcNow();
            var reports = vans.SelectMany(van => van.Report(now, _rhythm.LiveSeconds).Select(fix => (van.Id, fix)));
            foreach (var batch in reports.Chunk(BatchSize))
            {
                await SendAsync(batch, cancellation);
            }

            await ShowStatusAsync(vans, now, cancellation);
        }
    }

    /// <summary>The crew's button: driving when it leaves, parked when it is there. A refusal is somebody else's decision.</summary>
    private Task ShowStatusAsync(ConcurrentQueue<DemoVan> vans, DateTimeOffset now, CancellationToken cancellation)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(vans.Where(van => van.Tracker.At(now).IsUnderway != van.IsDriving), limits, async (van, stop) =>
        {
            van.IsDriving = !van.IsDriving;
            await ActAsync(van.Id, van.IsDriving ? VehicleAction.Drive : VehicleAction.Park, null, stop);
        });
    }

    private async Task ActAsync(Guid id, VehicleAction action, string? reason, CancellationToken cancellation)
    {
        var context = new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Crew, MayRepeat: true);
        await RepeatAsync(() => grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new ActOnVehicle(action, null, reason), context), cancellation);
    }

    private async Task SendAsync(IEnumerable<(Guid Id, PositionFix Fix)> fixes, CancellationToken cancellation)
    {
        using var batch = new PositionBatch();
        foreach (var (id, fix) in fixes)
        {
            batch.TryAdd(new ParsedPosition { Key = VehicleKey.OfId(id), Fix = fix });
        }

        await RepeatAsync(() => intake.RecordAsync(batch, sender: null, cancellation), cancellation);
    }

    /// <summary>Until it is answered, as a tracker does.</summary>
    private async Task<T> RepeatAsync<T>(Func<Task<T>> send, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await send();
            }
            catch (Exception fault) when (IsPassing(fault))
            {
                LogRepeated(logger, fault.Message);
                await Task.Delay(Tick, time, cancellation);
            }
        }
    }

    private static bool IsPassing(Exception fault) =>
        fault is OverloadedException or StorageUnavailableException or Orleans.Runtime.OrleansException or TimeoutException or NpgsqlException;

    [LoggerMessage(LogLevel.Information, "The demo fleet of {Count} vans sets out; each reports every {Seconds} seconds while it drives")]
    private static partial void LogStarted(ILogger logger, int count, int seconds);

    [LoggerMessage(LogLevel.Information, "All {Count} vans of the demo fleet are on the road")]
    private static partial void LogComplete(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The demo's van {Device} could not be made: {Detail}")]
    private static partial void LogNotMade(ILogger logger, string device, string detail);

    [LoggerMessage(LogLevel.Warning, "The demo was not answered; it tries again: {Detail}")]
    private static partial void LogRepeated(ILogger logger, string detail);

    private sealed record Known(Guid Id, DateTimeOffset? ReportedAt, VehicleStatus Status);
}
