using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Geofences;

/// <summary>A row of <c>geofence_event</c>: a vehicle came to a geofence or went.</summary>
/// <param name="Id">Its id.</param>
/// <param name="EventType"><c>entered</c> or <c>left</c>.</param>
/// <param name="GeofenceId">Which geofence.</param>
/// <param name="VehicleId">Which vehicle.</param>
/// <param name="VisitId">The visit that the geofence was made for then.</param>
/// <param name="FixTime">When the vehicle came or went, UTC.</param>
/// <param name="DecidedAt">The fix time at which that was certain, UTC.</param>
/// <param name="Latitude">Where the vehicle was at that fix, degrees WGS84; null for who may not see positions.</param>
/// <param name="Longitude">Degrees WGS84; null for who may not see positions.</param>
public sealed record GeofenceCrossing(
    Guid Id, string EventType, Guid GeofenceId, Guid VehicleId, Guid? VisitId, DateTimeOffset FixTime, DateTimeOffset DecidedAt,
    double? Latitude, double? Longitude);

/// <summary>Reads of geofences and of what happened at them, past the grains.</summary>
public sealed class GeofenceLists(NpgsqlDataSource source)
{
    /// <summary>What a list of geofences offers.</summary>
    public static ListDefinition Geofences { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["name"] = ListFilter.Text("name"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["shape"] = ListFilter.Word<GeofenceShape>("shape"),
            ["addressId"] = ListFilter.Uuid("address_id"),
            ["visitId"] = ListFilter.Uuid("visit_id"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <summary>What a list of crossings offers; the newest first.</summary>
    public static ListDefinition Crossings { get; } = new(
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

    /// <summary>A page of geofences of the business entities that the caller sees, and of those that serve all; null for all.</summary>
    public Task<Page<Geofence>> ListAsync(ListQuery query, IReadOnlyCollection<BusinessEntity>? seen, CancellationToken cancellation) =>
        Scoped(query, seen).RunAsync(source, GeofenceTable.Columns, "geofence", GeofenceTable.Read, cancellation);

    /// <summary>A page of crossings, of the same geofences.</summary>
    public Task<Page<GeofenceCrossing>> CrossingsAsync(
        ListQuery query, IReadOnlyCollection<BusinessEntity>? seen, CancellationToken cancellation)
    {
        const string Columns = "id, event_type, geofence_id, vehicle_id, visit_id, fix_time, decided_at, latitude, longitude";
        return Scoped(query, seen).RunAsync(source, Columns, "geofence_event", Read, cancellation);
    }

    private static ListQuery Scoped(ListQuery query, IReadOnlyCollection<BusinessEntity>? seen) => seen is null ? query : query with
    {
        Filters = [.. query.Filters, ("coalesce(business_entity, '')", Sql.Array(NpgsqlDbType.Text, [.. seen.Select(WireText.Of), ""]))],
    };

    private static GeofenceCrossing Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetGuid(3), row.OptionalValue<Guid>(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetDouble(7), row.GetDouble(8));
}
