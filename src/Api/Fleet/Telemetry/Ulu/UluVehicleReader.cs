using ChargeCars.Api.Fleet.Telemetry.Trackers;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>
/// Reads what ULU has of one vehicle, trip by trip, through the intake that all positions come in by. A trip that has become
/// private since it was read is taken away again.
/// </summary>
internal sealed partial class UluVehicleReader(
    UluClient client, PositionIntake intake, UluPrivacy privacy, IOptions<UluOptions> options, IOptions<PositionOptions> positions,
    TimeProvider time, ILogger<UluVehicleReader> logger)
{
    /// <summary>A tracker that was out of reach sends a trip after later ones; how long before the newest it is looked for.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(12);

    /// <summary>Points of a trip still come in for a while after its end.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How far back the last trip of a van is looked for, where the trips asked for have none: where it stands now is shown only
    /// if that one is shared.
    /// </summary>
    private static readonly TimeSpan FurthestBack = TimeSpan.FromDays(30);

    private const int MaxPages = 10_000;

    // How far ULU's clock and its trackers' may be ahead of ours. What they stamp so is stored, and taken away too.
    private TimeSpan MostAhead => positions.Value.FutureTolerance;

    /// <summary>
    /// Answers how far it got, and what ULU did not serve of single trips; the others are read all the same. Throws where ULU
    /// or our own side does not answer.
    /// </summary>
    /// <param name="id">Our vehicle.</param>
    /// <param name="vehicle">ULU's.</param>
    /// <param name="cursor">How far it was read.</param>
    /// <param name="isReviewed">Whether older trips need not be looked through this time.</param>
    /// <param name="cancellation"></param>
    public async Task<(UluVehicleCursor Cursor, UluException? Fault)> ReadAsync(
        Guid id, UluVehicle vehicle, UluVehicleCursor cursor, bool isReviewed, CancellationToken cancellation)
    {
        UluException? fault = null;
        var now = time.GetUtcNow();
        var from = Latest(cursor.Since - Overlap, cursor.First);
        var review = Latest(now - options.Value.PrivacyLookBack, cursor.First);
        var asked = Earliest(isReviewed ? from : Earliest(from, review), cursor.Since);
        if (await client.TripsAsync(vehicle.Id, asked, now + MostAhead, cancellation) is not { } trips)
        {
            LogSkipped(logger, "trips of vehicle", vehicle.Id);
            return (cursor, null);
        }

        trips.Sort((one, other) => one.StartedAt.CompareTo(other.StartedAt));
        if (!isReviewed && Last(trips, vehicle) is null)
        {
            trips = [.. await BeforeAsync(vehicle.Id, asked, cancellation), .. trips];
        }

        var former = FormerOf(cursor, id, now);
        var (read, isComplete) = (new Dictionary<string, UluTripCursor>(), true);
        for (var i = 0; i < trips.Count; i++)
        {
            var trip = trips[i];
            var known = cursor.Trips.GetValueOrDefault(trip.Id);
            if (!options.Value.IsShared(trip.Privacy))
            {
                // Where the van stands after a private trip is as private as the way there.
                var until = i + 1 < trips.Count ? trips[i + 1].StartedAt : now + MostAhead;
                read[trip.Id] = known is { IsHidden: true } ? known : await HideAsync(id, former, trip, until, cancellation);
            }
            else if (trip.StartedAt >= from)
            {
                var begun = known is null or { IsHidden: true } ? new(trip.StartedAt, 1, IsRead: false) : known;
                try
                {
                    var (reached, reading) = begun.IsRead ? (begun, true) : await ReadAsync(vehicle.Id, trip, begun, now, cancellation);
                    read[trip.Id] = reached;
                    isComplete &= reading;
                }
                catch (UluException broken) when (broken.Part == UluPart.Trip)
                {
                    (read[trip.Id], isComplete, fault) = (begun, false, broken);
                }
            }
        }

        // Without a trip nobody says that where the van stands may be shown.
        if (Last(trips, vehicle) is { } last && options.Value.IsShared(last.Privacy))
        {
            await RecordAsync([vehicle.Latest], cancellation);
        }

        var knewNone = cursor.Since == cursor.First;
        var newest = trips.Count > 0 && (knewNone || trips[^1].StartedAt > cursor.Since) ? trips[^1].StartedAt : cursor.Since;
        return (new(cursor.First, newest, isComplete ? vehicle.HeartbeatAt : null, read, isReviewed ? cursor.ReviewedAt : now, id, former), fault);
    }

    private static List<UluFormerVehicle> FormerOf(UluVehicleCursor cursor, Guid id, DateTimeOffset now)
    {
        // No trip is looked through for longer than that.
        List<UluFormerVehicle> former = [.. (cursor.Former ?? []).Where(one => now - one.Until < FurthestBack)];
        if (cursor.VehicleId is { } before && before != id)
        {
            former.Add(new(before, now));
        }

        return former;
    }

    private async Task<UluTripCursor> HideAsync(
        Guid id, List<UluFormerVehicle> former, UluTrip trip, DateTimeOffset until, CancellationToken cancellation)
    {
        foreach (var one in former.Where(one => trip.StartedAt < one.Until))
        {
            await privacy.HideAsync(one.Id, trip, Earliest(until, one.Until), cancellation);
        }

        return await privacy.HideAsync(id, trip, until, cancellation);
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
        // Points that came in late push those after them on to the next page, and stand on pages that were read: a trip that is
        // over is read once more as a whole.
        var isOver = trip.StoppedAt + Settled < now;
        var (reached, before) = (isOver ? 1 : cursor.Page, (UluPage?)null);
        for (var page = reached; ; page++)
        {
            if (await client.PointsAsync(vehicle, trip.Id, page, cancellation) is not { } points)
            {
                LogSkipped(logger, "points of trip", trip.Id);
                return (cursor with { Page = reached }, false);
            }

            await RecordAsync(points.Points, cancellation);
            // Of a service that knows no such page and sends its last one, or all points, again.
            var repeats = before is not null && points.Points.SequenceEqual(before.Points);
            // On the page before an empty one there may be more by the next poll.
            reached = points.Points.Count > 0 && !repeats ? page : reached;
            if (!points.HasMore || repeats || page == MaxPages)
            {
                return (new(trip.StartedAt, reached, IsRead: isOver), true);
            }

            before = points;
        }
    }

    private async Task RecordAsync(IReadOnlyList<TrackerReport> reports, CancellationToken cancellation)
    {
        // A page may be larger than what was asked for.
        foreach (var part in reports.Chunk(PositionBatch.MaxPositions))
        {
            await RecordPartAsync(part, cancellation);
        }
    }

    private async Task RecordPartAsync(TrackerReport[] reports, CancellationToken cancellation)
    {
        using var batch = new PositionBatch();
        foreach (var report in reports)
        {
            batch.TryAdd(report.ToPosition(UluPoll.Source, time.GetUtcNow()));
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
