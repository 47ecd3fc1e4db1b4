using System.Collections.Concurrent;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Platform;
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
    IGrainFactory grains, PositionIntake intake, NpgsqlDataSource source, DemoCommands commands, DemoOffice office, TimeProvider time, IOptions<DemoOptions> options,
    ILogger<DemoFleet> logger)
    : BackgroundService
{
    private const string Find = "SELECT device_id, id, last_location_update, operational_status FROM vehicle WHERE device_id = ANY($1)";
    private const int AtOnce = 8;
    private const int BatchSize = 2_000;

    /// <summary>The vans that have orders and visits: enough to look at, and few enough to be there within seconds.</summary>
    private const int MostAtWork = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilNextDay = TimeSpan.FromMinutes(5);

    private readonly DemoRhythm _rhythm = DemoRhythm.Of(options.Value.Vehicles);
    private readonly TimeSpan _ahead = DemoHours.Ahead(time.GetUtcNow(), options.Value.Time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host is to be there first.
        await Task.Yield();
        try
        {
            var vans = new ConcurrentQueue<DemoVan>();
            var drive = DriveAsync(vans, stoppingToken);
            // A fault of either is told at once: the other would go on without it.
            await await Task.WhenAny(WorkAsync(vans, stoppingToken), drive);
            await drive;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Puts the vans on the road, then plans their days, today's and tomorrow's, for as long as the host runs.</summary>
    private async Task WorkAsync(ConcurrentQueue<DemoVan> vans, CancellationToken cancellation)
    {
        var map = new RoadMap();
        await GatherAsync(vans, map, cancellation);
        await office.OpenAsync(cancellation);
        for (DateOnly? planned = null; ; await Task.Delay(UntilNextDay, time, cancellation))
        {
            var today = VanDay.DateOf(time.GetUtcNow() + _ahead);
            if (planned != today)
            {
                await PlanAsync(vans, map, today, cancellation);
                planned = today;
            }
        }
    }

    private async Task PlanAsync(ConcurrentQueue<DemoVan> vans, RoadMap map, DateOnly today, CancellationToken cancellation)
    {
        var atWork = vans.Where(van => van.Van.Number < MostAtWork && van.Van.Shift != Shift.None).ToList();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        foreach (var date in (DateOnly[])[today, today.AddDays(1)])
        {
            await Parallel.ForEachAsync(atWork, limits, async (van, stop) =>
            {
                var crew = await office.CrewAsync(van.Van, van.Id, VanDay.DateOf(time.GetUtcNow()), stop);
                var jobs = DemoJob.Of(van.Van, date, VanDay.Of(van.Van, date, map), _ahead);
                var visits = await office.PlanAsync(jobs, van.Van, van.Id, crew, stop);
                var others = date == today ? van.Visits.Where(visit => visit.IsUnderway || visit.IsToBeSignedOff) : van.Visits;
                van.Visits = [.. others.UnionBy(visits, visit => visit.Id)];
            });
        }

        await Parallel.ForEachAsync(atWork, limits, async (van, stop) => await office.TakeInAsync(van.Van, today, map, stop));
        LogPlanned(logger, vans.Sum(van => van.Visits.Count), atWork.Count);
    }

    /// <summary>
    /// Puts one van after the other on the road, those under way first: made where it is not there, then its day so far,
    /// oldest first, then the clock has it.
    /// </summary>
    private async Task GatherAsync(ConcurrentQueue<DemoVan> vans, RoadMap map, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_ahead != TimeSpan.Zero)
        {
            LogHours(logger, WallClock.Of(now), WallClock.Of(now + _ahead));
        }

        var fleet = Van.Fleet(options.Value.Seed, options.Value.Vehicles, map).Select(van => (Van: van, Tracker: new Tracker(van, map, _ahead)))
            .OrderByDescending(van => van.Tracker.At(now).IsUnderway).ToList();
        var known = await commands.RepeatAsync(() => FindAsync(fleet.Select(van => van.Van.DeviceId), cancellation), cancellation);
        LogStarted(logger, fleet.Count, _rhythm.LiveSeconds);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(fleet, limits, async (van, stop) =>
        {
            if (known.GetValueOrDefault(van.Van.DeviceId) is { } there)
            {
                vans.Enqueue(await CatchUpAsync(there, van.Van, van.Tracker, stop));
            }
            else if (await CreateAsync(van.Van, time.GetUtcNow(), stop) is { } made)
            {
                vans.Enqueue(await CatchUpAsync(new(made, null, VehicleStatus.Parked), van.Van, van.Tracker, stop));
            }
        });
        LogComplete(logger, vans.Count);
    }

    private async Task<DemoVan> CatchUpAsync(Known known, Van van, Tracker tracker, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var fixes in tracker.Fixes(PastOf(known.ReportedAt, now), now, _rhythm.PastSeconds).Chunk(BatchSize))
        {
            await SendAsync(fixes.Select(fix => (known.Id, fix)), cancellation);
        }

        return new(known.Id, van, tracker, now) { IsDriving = known.Status == VehicleStatus.Driving };
    }

    private DateTimeOffset PastOf(DateTimeOffset? reportedAt, DateTimeOffset now)
    {
        var morning = VanDay.StartOf(VanDay.DateOf(now + _ahead)) - _ahead;
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
        var context = commands.NewContext();
        var made = await commands.RepeatAsync(
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

    /// <summary>
    /// The crew's buttons: those of the visit that it is on, else those of the van, driving when it leaves and parked when it is there.
    /// A refusal is somebody else's decision.
    /// </summary>
    private Task ShowStatusAsync(ConcurrentQueue<DemoVan> vans, DateTimeOffset now, CancellationToken cancellation)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        var changed = vans.Where(van => van.Tracker.At(now).IsUnderway != van.IsDriving || van.Visits.Any(visit => visit.IsDue(now)));
        return Parallel.ForEachAsync(changed, limits, async (van, stop) =>
        {
            foreach (var visit in van.Visits.Where(visit => visit.IsDue(now)))
            {
                await office.FollowAsync(visit, stop);
            }

            var isUnderway = van.Tracker.At(now).IsUnderway;
            if (isUnderway != van.IsDriving && !van.Visits.Any(visit => visit.IsUnderway))
            {
                await ActAsync(van.Id, isUnderway ? VehicleAction.Drive : VehicleAction.Park, null, stop);
            }

            van.IsDriving = isUnderway;
        });
    }

    private async Task ActAsync(Guid id, VehicleAction action, string? reason, CancellationToken cancellation)
    {
        var context = commands.NewContext();
        await commands.RepeatAsync(() => grains.GetGrain<IVehicleGrain>(id).ExecuteAsync(new ActOnVehicle(action, null, reason), context), cancellation);
    }

    private async Task SendAsync(IEnumerable<(Guid Id, PositionFix Fix)> fixes, CancellationToken cancellation)
    {
        using var batch = new PositionBatch();
        foreach (var (id, fix) in fixes)
        {
            batch.TryAdd(new ParsedPosition { Key = VehicleKey.OfId(id), Fix = fix });
        }

        await commands.RepeatAsync(() => intake.RecordAsync(batch, sender: null, cancellation), cancellation);
    }

    [LoggerMessage(LogLevel.Information, "The demo fleet of {Count} vans sets out; each reports every {Seconds} seconds while it drives")]
    private static partial void LogStarted(ILogger logger, int count, int seconds);

    [LoggerMessage(LogLevel.Information, "All {Count} vans of the demo fleet are on the road")]
    private static partial void LogComplete(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The demo's van {Device} could not be made: {Detail}")]
    private static partial void LogNotMade(ILogger logger, string device, string detail);

    [LoggerMessage(LogLevel.Information, "It is {Now:HH:mm}, and hardly anybody works: for the demo fleet it is {Shown:HH:mm} (--demo-time sets another time)")]
    private static partial void LogHours(ILogger logger, DateTime now, DateTime shown);

    [LoggerMessage(LogLevel.Information, "{Visits} visits of {Vans} vans are planned, today's and tomorrow's")]
    private static partial void LogPlanned(ILogger logger, int visits, int vans);

    private sealed record Known(Guid Id, DateTimeOffset? ReportedAt, VehicleStatus Status);
}
