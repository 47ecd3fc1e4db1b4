using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet;

/// <summary>A rectangle on the map, degrees WGS84.</summary>
public sealed record MapArea(double South, double West, double North, double East);

/// <summary>How one vehicle moved.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="Points">In the order of time: seconds since the stretch began, latitude, longitude, km/h, degrees clockwise from north; none of a vehicle that was silent.</param>
/// <param name="Statuses">What it began to do within the stretch.</param>
public sealed record VehicleTrack(Guid VehicleId, IReadOnlyList<double?[]> Points, IReadOnlyList<StatusMoment> Statuses);

/// <summary>A change of status.</summary>
public sealed record StatusMoment(DateTimeOffset At, VehicleStatus OperationalStatus);

/// <summary>How the fleet moved for a while; what a replay draws after <c>/api/fleet?at=</c>.</summary>
/// <param name="From">Where the stretch begins, UTC.</param>
/// <param name="To">The time before which it ends, UTC.</param>
/// <param name="StepSeconds">At most one position of a vehicle in each of these steps, its first.</param>
/// <param name="Items">The vehicles that were heard of in the area, and all that began to do something else, silent or not.</param>
public sealed record FleetTrack(DateTimeOffset From, DateTimeOffset To, double StepSeconds, IReadOnlyList<VehicleTrack> Items);

/// <summary>How the fleet moved, thinned.</summary>
public sealed class FleetTracks(NpgsqlDataSource source, IOptions<FleetOptions> options)
{
    private const string CountVehicles = "SELECT count(*) FROM vehicle";

    private const string SelectPoints = $"""
        SELECT v.id, extract(epoch FROM fix.fix_time - $1)::float8, fix.latitude, fix.longitude, fix.speed, fix.heading
        FROM {FleetQueries.VehiclesThen} v CROSS JOIN LATERAL (
            SELECT DISTINCT ON (date_bin($3, fix_time, $1)) fix_time, latitude, longitude, speed, heading FROM vehicle_position
            WHERE vehicle_id = v.id AND fix_time >= $1 AND fix_time < $2
            ORDER BY date_bin($3, fix_time, $1), fix_time) fix
        WHERE $4::float8 IS NULL OR (fix.latitude BETWEEN $4 AND $6
            AND CASE WHEN $5 <= $7 THEN fix.longitude BETWEEN $5 AND $7 ELSE fix.longitude >= $5 OR fix.longitude <= $7 END)
        ORDER BY v.id, fix.fix_time
        """;

    private const string SelectStatuses = $"""
        SELECT moved.entity_id, moved.created_at, moved.to_status
        FROM {FleetQueries.VehiclesThen} v JOIN status_transition moved
            ON moved.entity_type = 'vehicle' AND moved.entity_id = v.id AND moved.created_at >= $1 AND moved.created_at < $2
        ORDER BY moved.created_at
        """;

    /// <summary>The positions of a stretch, one a vehicle and step; the step grows where they would be too many.</summary>
    public async Task<FleetTrack> ReadAsync(DateTimeOffset from, DateTimeOffset to, TimeSpan step, MapArea? area, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var count = new NpgsqlCommand(CountVehicles, connection);
        var vehicles = (long)(await count.ExecuteScalarAsync(cancellation))!;
        var shortest = TimeSpan.FromSeconds(Math.Ceiling((to - from).TotalSeconds * vehicles / options.Value.MostTrackPoints));
        step = step > shortest ? step : shortest;
        var points = await PointsAsync(connection, from, to, step, area, cancellation);
        var statuses = await StatusesAsync(connection, from, to, cancellation);
        return new(from, to, step.TotalSeconds, [
            .. points.Keys.Union(statuses.Keys).Select(id => new VehicleTrack(id, points.GetValueOrDefault(id, []), statuses.GetValueOrDefault(id, [])))]);
    }

    private static async Task<Dictionary<Guid, List<double?[]>>> PointsAsync(
        NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, TimeSpan step, MapArea? area, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SelectPoints, connection)
        {
            Parameters =
            {
                Sql.Time(from), Sql.Time(to), new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = step },
                Sql.Double(area?.South), Sql.Double(area?.West), Sql.Double(area?.North), Sql.Double(area?.East),
            },
        };
        var points = new Dictionary<Guid, List<double?[]>>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            if (!points.TryGetValue(id, out var track))
            {
                points[id] = track = [];
            }

            track.Add([row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.OptionalValue<double>(4), row.OptionalValue<double>(5)]);
        }

        return points;
    }

    private static async Task<Dictionary<Guid, List<StatusMoment>>> StatusesAsync(
        NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SelectStatuses, connection) { Parameters = { Sql.Time(from), Sql.Time(to) } };
        var statuses = new Dictionary<Guid, List<StatusMoment>>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            if (!statuses.TryGetValue(id, out var moments))
            {
                statuses[id] = moments = [];
            }

            moments.Add(new(row.GetFieldValue<DateTimeOffset>(1), WireText.Parse<VehicleStatus>(row.GetString(2))));
        }

        return statuses;
    }
}
