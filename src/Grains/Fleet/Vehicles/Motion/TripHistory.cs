using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>A trip or a stop, as clients see it.</summary>
/// <param name="Kind"><c>trip</c> or <c>stop</c>.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">UTC; null while it lasts.</param>
/// <param name="DurationSeconds">Null while it lasts.</param>
/// <param name="Start">Where it began; of a stop, where it is: the mean of its first fixes.</param>
/// <param name="End">Where it ended; null while it lasts.</param>
/// <param name="DistanceMeters">By the vehicle's own count where it sends one that can be right, else by the fixes; 0 for a stop, null while a trip lasts.</param>
/// <param name="TopSpeedKmh">Null for a stop and while it lasts.</param>
public sealed record VehicleTrip(
    string Kind, DateTime StartedAt, DateTime? EndedAt, double? DurationSeconds, TripPlace Start, TripPlace? End,
    double? DistanceMeters, double? TopSpeedKmh);

/// <summary>A place of a trip, degrees; the vehicle's own count there, km.</summary>
public sealed record TripPlace(double Latitude, double Longitude, double? OdometerKm);

/// <summary>Reads back trips and stops.</summary>
public sealed class TripHistory(NpgsqlDataSource source, IOptions<PositionOptions> options)
{
    // Those that reach into the span: the last one that began before it, and all that begin in it.
    private const string Select = """
        SELECT kind, started_at, ended_at, start_latitude, start_longitude, start_odometer, end_latitude, end_longitude,
            end_odometer, place_latitude, place_longitude, distance, top_speed
        FROM vehicle_trip
        WHERE vehicle_id = $1 AND started_at < $3 AND started_at > $4 AND started_at >= coalesce(
            (SELECT max(started_at) FROM vehicle_trip WHERE vehicle_id = $1 AND started_at <= $2), $2)
            AND (ended_at IS NULL OR ended_at > $2)
        ORDER BY started_at LIMIT $5
        """;

    /// <summary>A page of a vehicle's trips and stops that touch a span, in the order of time.</summary>
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="from">The span's beginning, UTC.</param>
    /// <param name="to">Its end, not included.</param>
    /// <param name="after">The beginning of the last one of the page before; null for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation"></param>
    public async Task<IReadOnlyList<VehicleTrip>> ReadAsync(
        Guid vehicleId, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? after, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(vehicleId));
        command.Parameters.Add(Sql.Time(from));
        command.Parameters.Add(Sql.Time(to));
        command.Parameters.Add(Sql.Time(after ?? DateTimeOffset.MinValue));
        command.Parameters.Add(Sql.Integer(limit));
        var trips = new List<VehicleTrip>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            trips.Add(Read(row));
        }

        return trips;
    }

    private VehicleTrip Read(NpgsqlDataReader row)
    {
        var isTrip = row.GetString(0) == "trip";
        var (started, ended) = (row.GetDateTime(1), row.OptionalValue<DateTime>(2));
        var start = new TripPlace(row.GetDouble(isTrip ? 3 : 9), row.GetDouble(isTrip ? 4 : 10), row.OptionalValue<double>(5));
        var end = ended is null ? null : new TripPlace(row.GetDouble(6), row.GetDouble(7), row.OptionalValue<double>(8));
        var (took, byFixes) = (ended - started, row.GetDouble(11));
        return new(
            isTrip ? "trip" : "stop", started, ended, took?.TotalSeconds, start, end, !isTrip ? 0 : took is null ? null : Math.Round(
                Mileage.Counted(start.OdometerKm, end!.OdometerKm, byFixes, took.Value, options.Value.MaxSpeedKmh) ?? byFixes, 1),
            row.OptionalValue<double>(12) is { } top ? Math.Round(top, 1) : null);
    }
}
