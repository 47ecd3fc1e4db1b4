using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>A row of <c>geofence_event</c>: a vehicle came to a geofence or left it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="EventType"><c>entered</c> or <c>left</c>.</param>
/// <param name="GeofenceId">Which geofence.</param>
/// <param name="VehicleId">Which vehicle.</param>
/// <param name="VisitId">The visit that the geofence was made for then.</param>
/// <param name="FixTime">When the vehicle came or left, UTC.</param>
/// <param name="DecidedAt">The fix time at which that was certain, UTC.</param>
/// <param name="Latitude">Where the vehicle was at that fix, degrees WGS84; null for who may not see positions.</param>
/// <param name="Longitude">Degrees WGS84; null for who may not see positions.</param>
public sealed record GeofenceCrossing(
    Guid Id, string EventType, Guid GeofenceId, Guid VehicleId, Guid? VisitId, DateTimeOffset FixTime, DateTimeOffset DecidedAt,
    double? Latitude, double? Longitude);

/// <summary>Reads of what happened at geofences.</summary>
public sealed class CrossingQueries(NpgsqlDataSource source)
{
    /// <summary>What a list of crossings offers; the newest first.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["geofenceId"] = ListFilter.Uuid("geofence_id"),
            ["vehicleId"] = ListFilter.Uuid("vehicle_id"),
            ["visitId"] = ListFilter.Uuid("visit_id"),
            ["eventType"] = ListFilter.Text("event_type"),
            ["from"] = ListFilter.Since("fix_time"),
            ["to"] = ListFilter.Until("fix_time"),
        },
        new Dictionary<string, ListSort> { ["fixTime"] = new("fix_time", "timestamptz") },
        "-fixTime");

    /// <summary>A page of crossings.</summary>
    public Task<Page<GeofenceCrossing>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        const string Columns = "id, event_type, geofence_id, vehicle_id, visit_id, fix_time, decided_at, latitude, longitude";
        return query.RunAsync(source, Columns, "geofence_event", Read, cancellation);
    }

    private static GeofenceCrossing Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetGuid(3), row.OptionalValue<Guid>(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetDouble(7), row.GetDouble(8));
}
