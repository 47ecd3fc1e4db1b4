using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Planning.Routes;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet;

/// <summary>The vehicles nearest to a place: those that can take a job by their arrival, then the others by distance.</summary>
/// <remarks>The index chooses, and the rows of those chosen are what is told: so nothing is told that is not true any more.</remarks>
public sealed class NearestVehicles(NpgsqlDataSource source, NearestIndex index, ITravelTimes travel, IOptions<PositionOptions> options)
{
    /// <summary>
    /// Of those that can take a job, as many times the limit are estimated: the nearest in a straight line need not be
    /// the first to arrive.
    /// </summary>
    private const int Estimated = 3;

    /// <summary>Until the index is there after a start.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private const string Select = $"""
        SELECT v.id, v.license_plate, v.vehicle_name, v.vehicle_type, v.operational_status, v.is_active, v.is_available,
            v.last_location_update, v.current_location, busy.status
        FROM vehicle v LEFT JOIN (
            SELECT vehicle_id, min(status) AS status FROM visit
            WHERE status IN {NearestRows.BusyStatuses} AND vehicle_id = ANY($1)
            GROUP BY vehicle_id) busy ON busy.vehicle_id = v.id
        WHERE v.id = ANY($1)
        """;

    /// <summary>How the estimates come about.</summary>
    public string Method => travel.Method;

    /// <summary>
    /// At most <paramref name="limit"/> of the vehicles that the caller <paramref name="sees"/>, the best first. Throws
    /// <see cref="TimeoutException"/> where the vehicles could not be read since the start.
    /// </summary>
    public async Task<IReadOnlyList<NearbyVehicle>> FindAsync(
        MapPoint place, int limit, Func<Guid, bool> sees, DateTimeOffset now, CancellationToken cancellation)
    {
        await index.Loaded.WaitAsync(LongestWait, cancellation);
        var all = await ReadAsync(index.Find(place, limit * Estimated, limit, sees, now), place, now, cancellation);
        var able = all.Where(vehicle => vehicle.CanTakeJob).OrderBy(vehicle => vehicle.DistanceMeters).ThenBy(vehicle => vehicle.VehicleId)
            .Take(limit * Estimated).ToList();
        var rest = all.Where(vehicle => !vehicle.CanTakeJob)
            .OrderBy(vehicle => vehicle.DistanceMeters ?? double.PositiveInfinity).ThenBy(vehicle => vehicle.VehicleId).Take(limit).ToList();
        var candidates = able.Concat(rest).ToList();
        var located = candidates.Where(vehicle => vehicle.Latitude is not null).ToList();
        var drives = await travel.MatrixAsync(
            [.. located.Select(vehicle => new MapPoint(vehicle.Latitude!.Value, vehicle.Longitude!.Value))], [place], cancellation);
        var rows = located.Select((vehicle, row) => (vehicle.VehicleId, row)).ToDictionary(pair => pair.VehicleId, pair => pair.row);
        return
        [
            .. candidates
                .Select(vehicle => rows.TryGetValue(vehicle.VehicleId, out var row) && drives.IsReachable(row, 0)
                    ? vehicle with { RoadMeters = drives.Meters(row, 0), EtaSeconds = drives.Seconds(row, 0) }
                    : vehicle)
                .OrderByDescending(vehicle => vehicle.CanTakeJob)
                .ThenBy(vehicle => vehicle.EtaSeconds ?? double.PositiveInfinity)
                .ThenBy(vehicle => vehicle.DistanceMeters ?? double.PositiveInfinity)
                .Take(limit),
        ];
    }

    private async Task<List<NearbyVehicle>> ReadAsync(
        IReadOnlyList<NearestRow> chosen, MapPoint place, DateTimeOffset now, CancellationToken cancellation)
    {
        var vehicles = new List<NearbyVehicle>();
        var places = chosen.ToDictionary(vehicle => vehicle.VehicleId, vehicle => vehicle.Place);
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, places.Keys.ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            vehicles.Add(Read(row, places[row.GetGuid(0)], place, now));
        }

        return vehicles;
    }

    private NearbyVehicle Read(NpgsqlDataReader row, VehiclePlace? known, MapPoint place, DateTimeOffset now)
    {
        // The row is up to two seconds behind; but where it has none any more, the vehicle must not be shown where it was.
        VehiclePlace? told = row.OptionalValue<DateTimeOffset>(7) is { } fixTime && row.Optional<string>(8) is { } json
            && JsonSerializer.Deserialize<Location>(json, RowJson.Options) is { } location
            ? new(fixTime, location.Latitude, location.Longitude)
            : null;
        var at = known?.FixTime > told?.FixTime ? known : told;
        var (status, freshness) = (WireText.Parse<VehicleStatus>(row.GetString(4)), options.Value.FreshnessOf(at?.FixTime, now));
        var visit = row.Optional<string>(9);
        return new(
            row.GetGuid(0), row.GetString(1), row.Optional<string>(2), WireText.Parse<VehicleType>(row.GetString(3)), status, at?.FixTime,
            at?.Latitude, at?.Longitude, freshness,
            at is { } there ? Math.Round(Geo.Distance(there.Latitude, there.Longitude, place.Latitude, place.Longitude)) : null)
        {
            Reasons = JobFitness.Reasons(row.GetBoolean(5), row.GetBoolean(6), status, freshness, visit),
        };
    }
}

/// <summary>One vehicle and how soon it can be at a place.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="LicensePlate">Its plate.</param>
/// <param name="VehicleName">Its name.</param>
/// <param name="VehicleType">What kind it is.</param>
/// <param name="OperationalStatus">What it is doing.</param>
/// <param name="FixTime">When it was last heard of, UTC.</param>
/// <param name="Latitude">Where, degrees WGS84.</param>
/// <param name="Longitude">Degrees WGS84.</param>
/// <param name="Freshness">How old that is.</param>
/// <param name="DistanceMeters">Metres in a straight line; null without a position.</param>
public sealed record NearbyVehicle(
    Guid VehicleId, string LicensePlate, string? VehicleName, VehicleType VehicleType, VehicleStatus OperationalStatus, DateTimeOffset? FixTime,
    double? Latitude, double? Longitude, Freshness Freshness, double? DistanceMeters)
{
    /// <summary>Metres by road, estimated.</summary>
    public double? RoadMeters { get; init; }

    /// <summary>Seconds until it can be there, estimated; null without a position.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Whether it can take a job now.</summary>
    public bool CanTakeJob => Reasons.Count == 0;

    /// <summary>Why it can't.</summary>
    public IReadOnlyList<JobObstacle> Reasons { get; init; } = [];
}
