using System.Text.Json;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Api.Conversations.Tracking;

/// <summary>Reads what a customer's link shows. Whoever has the token is whoever may see it: there is no other scope.</summary>
internal sealed class TrackReader(NpgsqlDataSource source, ArrivalBoard arrivals, IOptions<TrackingOptions> options, TimeProvider time)
{
    // Who goes: the lead of those who were named, else of the team on that day.
    private const string SelectTracked = $"""
        SELECT v.id, v.status, v.window_start, v.window_end, v.scheduled_start, v.ended_at, coalesce(
                (SELECT c.first_name FROM visit_assignee s JOIN contact c ON c.id = s.contact_id WHERE s.visit_id = v.id
                    ORDER BY (s.role = 'lead') DESC NULLS LAST, s.contact_id LIMIT 1),
                (SELECT c.first_name FROM team_member m JOIN contact c ON c.id = m.contact_id WHERE m.team_id = v.team_id
                    AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to >= $2) ORDER BY (m.role = 'lead') DESC NULLS LAST, m.contact_id LIMIT 1)),
            w.current_location, w.last_location_update, l.told_from, l.told_until, {TrackingLinks.HasWish}, l.id
        FROM tracking_link l JOIN visit v ON v.id = l.visit_id LEFT JOIN team t ON t.id = v.team_id
            LEFT JOIN vehicle w ON w.id = coalesce(v.vehicle_id, t.vehicle_id)
        WHERE l.token_hash = $1
        """;

    /// <summary>What the link of a token shows; null where there is none, or it is dead.</summary>
    public async Task<OpenLink?> FindAsync(string token, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (TrackingLinks.HashOf(token) is not { } hash || await ReadAsync(hash, WallClock.DateOf(now), cancellation) is not var (link, visit))
        {
            return null;
        }

        var forecast = visit.Status == VisitStatus.EnRoute ? (await arrivals.NowAsync()).GetValueOrDefault(visit.VisitId) : null;
        return TrackRules.See(visit, forecast, now, options.Value.LinkLivesAfter, options.Value.PositionMaxAge) is { } view
            ? new(link, visit.VisitId, view)
            : null;
    }

    private async Task<(Guid Link, TrackedVisit Visit)?> ReadAsync(byte[] hash, DateOnly today, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectTracked);
        command.Parameters.Add(Sql.Bytes(hash));
        command.Parameters.Add(Sql.Date(today));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        var van = row.Optional<string>(7) is { } json && row.OptionalValue<DateTimeOffset>(8) is { } seen
            && JsonSerializer.Deserialize<Location>(json, RowJson.Options) is { } place
            ? new TrackVan(place.Latitude, place.Longitude, seen)
            : null;
        return (row.GetGuid(12), new(
            row.GetGuid(0), WireText.Parse<VisitStatus>(row.GetString(1)), row.OptionalValue<DateTimeOffset>(2), row.OptionalValue<DateTimeOffset>(3),
            row.OptionalValue<DateTimeOffset>(4), row.OptionalValue<DateTimeOffset>(5), row.Optional<string>(6), van)
        {
            Told = row.OptionalValue<DateTimeOffset>(9) is { } from && row.OptionalValue<DateTimeOffset>(10) is { } until ? new(from, until) : null,
            HasWish = row.GetBoolean(11),
        });
    }
}
