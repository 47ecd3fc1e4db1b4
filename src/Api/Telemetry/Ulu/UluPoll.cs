using ChargeCars.Api.Telemetry.Trackers;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Telemetry.Ulu;

/// <summary>
/// One poll: what ULU has that we don't, vehicle by vehicle, through the intake that all positions come in by. It may
/// bring a point twice, never lose one: the cursor moves behind what is on disk.
/// </summary>
internal sealed partial class UluPoll(
    UluClient client, PositionIntake intake, VehicleDirectory directory, IOptions<UluOptions> options, TimeProvider time, ILogger<UluPoll> logger)
{
    private const string Source = "ulu";

    /// <summary>A tracker that was out of reach sends a trip after later ones; how long before the newest it is looked for.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(12);

    /// <summary>Points of a trip still come in for a while after its end.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    private const int MaxPages = 10_000;

    /// <summary>Moves the cursor as far as it gets. Throws where ULU or our own side does not answer.</summary>
    public async Task RunAsync(UluCursor cursor, CancellationToken cancellation)
    {
        var vehicles = await client.VehiclesAsync(cancellation);
        foreach (var vehicle in vehicles)
        {
            var first = time.GetUtcNow() - options.Value.LookBack;
            var known = cursor.Vehicles.GetValueOrDefault(vehicle.Id);
            var hasNews = vehicle.HeartbeatAt is null || vehicle.HeartbeatAt != known?.HeartbeatAt;
            if (hasNews && await directory.ExistsAsync(VehicleKey.OfUlu(vehicle.Id), cancellation))
            {
                cursor.Vehicles[vehicle.Id] = await ReadAsync(vehicle, known ?? new(first, first, null, []), cancellation);
            }
        }

        foreach (var gone in cursor.Vehicles.Keys.Except(vehicles.Select(vehicle => vehicle.Id)).ToList())
        {
            cursor.Vehicles.Remove(gone);
        }
    }

    private async Task<UluVehicleCursor> ReadAsync(UluVehicle vehicle, UluVehicleCursor cursor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var from = cursor.Since - Overlap > cursor.First ? cursor.Since - Overlap : cursor.First;
        if (await client.TripsAsync(vehicle.Id, from, now, cancellation) is not { } trips)
        {
            LogSkipped(logger, "trips of vehicle", vehicle.Id);
            return cursor;
        }

        trips.Sort((one, other) => one.StartedAt.CompareTo(other.StartedAt));
        var (read, isComplete) = (new Dictionary<string, UluTripCursor>(), true);
        foreach (var trip in trips.Where(trip => options.Value.IsShared(trip.Privacy)))
        {
            var known = cursor.Trips.GetValueOrDefault(trip.Id) ?? new(trip.StartedAt, 1, IsRead: false);
            var (reached, reading) = known.IsRead ? (known, true) : await ReadAsync(vehicle.Id, trip, known, now, cancellation);
            read[trip.Id] = reached;
            isComplete &= reading;
        }

        // Where the van stands after a private trip is as private as the way there.
        if (vehicle.HeartbeatAt is { } at && (trips.LastOrDefault(trip => trip.StartedAt <= at) is not { } last || options.Value.IsShared(last.Privacy)))
        {
            await RecordAsync([vehicle.Latest], cancellation);
        }

        var newest = trips.Count > 0 && trips[^1].StartedAt > cursor.Since ? trips[^1].StartedAt : cursor.Since;
        return new(cursor.First, newest, isComplete ? vehicle.HeartbeatAt : null, read);
    }

    private async Task<(UluTripCursor Cursor, bool IsComplete)> ReadAsync(
        string vehicle, UluTrip trip, UluTripCursor cursor, DateTimeOffset now, CancellationToken cancellation)
    {
        for (var page = cursor.Page; ; page++)
        {
            if (await client.PointsAsync(vehicle, trip.Id, page, cancellation) is not { } points)
            {
                LogSkipped(logger, "points of trip", trip.Id);
                return (cursor with { Page = page }, false);
            }

            await RecordAsync(points.Points, cancellation);
            if (!points.HasMore || page == MaxPages)
            {
                return (new(trip.StartedAt, page, IsRead: trip.StoppedAt + Settled < now), true);
            }
        }
    }

    private async Task RecordAsync(IReadOnlyList<TrackerReport> reports, CancellationToken cancellation)
    {
        using var batch = new PositionBatch();
        foreach (var report in reports)
        {
            batch.TryAdd(report.ToPosition(Source, time.GetUtcNow()));
        }

        var results = await intake.RecordAsync(batch, sender: null, cancellation);
        var refused = results.Count(result => result.Outcome is not (FixOutcome.Accepted or FixOutcome.Stored or FixOutcome.Duplicate));
        if (refused > 0)
        {
            var example = results.First(result => result.Outcome is not (FixOutcome.Accepted or FixOutcome.Stored or FixOutcome.Duplicate));
            LogRefused(logger, refused, results.Length, WireText.Of(example.Outcome), example.Detail);
        }
    }

    [LoggerMessage(LogLevel.Warning, "ULU's {What} {Id} could not be read; asked again at the next poll")]
    private static partial void LogSkipped(ILogger logger, string what, string id);

    [LoggerMessage(LogLevel.Information, "Of {Count} positions from ULU {Refused} were refused, such as {Reason}: {Detail}")]
    private static partial void LogRefused(ILogger logger, int refused, int count, string reason, string? detail);
}
