using ChargeCars.Api.Telemetry.Trackers;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Telemetry.Ulu;

/// <summary>
/// One poll: what ULU has that we don't, vehicle by vehicle, through the intake that all positions come in by. It may
/// bring a point twice, never lose one: the cursor moves behind what is on disk. A trip that has become private since it was
/// read is taken away again.
/// </summary>
internal sealed partial class UluPoll(
    UluClient client, PositionIntake intake, UluPrivacy privacy, VehicleDirectory directory, IOptions<UluOptions> options, TimeProvider time,
    ILogger<UluPoll> logger)
{
    /// <summary>The <c>source</c> of fixes that come from ULU.</summary>
    public const string Source = "ulu";

    /// <summary>A tracker that was out of reach sends a trip after later ones; how long before the newest it is looked for.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(12);

    /// <summary>Points of a trip still come in for a while after its end.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    /// <summary>How often older trips are looked through for such as are private by now.</summary>
    private static readonly TimeSpan Review = TimeSpan.FromHours(1);

    /// <summary>
    /// How far back the last trip of a van is looked for, where the trips asked for have none: where it stands now is shown only
    /// if that one is shared.
    /// </summary>
    private static readonly TimeSpan FurthestBack = TimeSpan.FromDays(30);

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
            var isReviewed = known?.ReviewedAt is { } reviewed && time.GetUtcNow() - reviewed < Review;
            if ((hasNews || !isReviewed) && await directory.FindAsync(VehicleKey.OfUlu(vehicle.Id), cancellation) is { } id)
            {
                cursor.Vehicles[vehicle.Id] = await ReadAsync(id, vehicle, known ?? new(first, first, null, []), isReviewed, cancellation);
            }
        }

        foreach (var gone in cursor.Vehicles.Keys.Except(vehicles.Select(vehicle => vehicle.Id)).ToList())
        {
            cursor.Vehicles.Remove(gone);
        }
    }

    private async Task<UluVehicleCursor> ReadAsync(
        Guid id, UluVehicle vehicle, UluVehicleCursor cursor, bool isReviewed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var from = Latest(cursor.Since - Overlap, cursor.First);
        var review = Latest(now - options.Value.PrivacyLookBack, cursor.First);
        var asked = Earliest(isReviewed ? from : Earliest(from, review), cursor.Since);
        if (await client.TripsAsync(vehicle.Id, asked, now, cancellation) is not { } trips)
        {
            LogSkipped(logger, "trips of vehicle", vehicle.Id);
            return cursor;
        }

        trips.Sort((one, other) => one.StartedAt.CompareTo(other.StartedAt));
        if (!isReviewed && Last(trips, vehicle) is null)
        {
            trips = [.. await BeforeAsync(vehicle.Id, asked, cancellation), .. trips];
        }

        var (read, isComplete) = (new Dictionary<string, UluTripCursor>(), true);
        for (var i = 0; i < trips.Count; i++)
        {
            var trip = trips[i];
            var known = cursor.Trips.GetValueOrDefault(trip.Id);
            if (!options.Value.IsShared(trip.Privacy))
            {
                // Where the van stands after a private trip is as private as the way there.
                var until = i + 1 < trips.Count ? trips[i + 1].StartedAt : now;
                read[trip.Id] = known is { IsHidden: true } ? known : await privacy.HideAsync(id, trip, until, cancellation);
            }
            else if (trip.StartedAt >= from)
            {
                var begun = known is null or { IsHidden: true } ? new(trip.StartedAt, 1, IsRead: false) : known;
                var (reached, reading) = begun.IsRead ? (begun, true) : await ReadAsync(vehicle.Id, trip, begun, now, cancellation);
                read[trip.Id] = reached;
                isComplete &= reading;
            }
        }

        // Without a trip nobody says that where the van stands may be shown.
        if (Last(trips, vehicle) is { } last && options.Value.IsShared(last.Privacy))
        {
            await RecordAsync([vehicle.Latest], cancellation);
        }

        var knewNone = cursor.Since == cursor.First;
        var newest = trips.Count > 0 && (knewNone || trips[^1].StartedAt > cursor.Since) ? trips[^1].StartedAt : cursor.Since;
        return new(cursor.First, newest, isComplete ? vehicle.HeartbeatAt : null, read, isReviewed ? cursor.ReviewedAt : now);
    }

    /// <summary>The trip that the van was on, or had ended, when it last reported.</summary>
    private static UluTrip? Last(List<UluTrip> trips, UluVehicle vehicle) =>
        vehicle.HeartbeatAt is { } at ? trips.LastOrDefault(trip => trip.StartedAt <= at) : null;

    private async Task<IEnumerable<UluTrip>> BeforeAsync(string vehicle, DateTimeOffset before, CancellationToken cancellation)
    {
        if (await client.TripsAsync(vehicle, before - FurthestBack, before, cancellation) is { } trips)
        {
            return trips.Where(trip => trip.StartedAt < before).OrderBy(trip => trip.StartedAt);
        }

        LogSkipped(logger, "trips of vehicle", vehicle);
        return [];
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

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
