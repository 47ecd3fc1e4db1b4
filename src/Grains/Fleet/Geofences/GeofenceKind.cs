using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>Geofences.</summary>
public sealed class GeofenceKind : IEntityKind<Geofence, GeofenceDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Geofence> Rows { get; } = new("geofence");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
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

    /// <inheritdoc/>
    public static Invalid? Check(GeofenceDetails details, DateTimeOffset now) => GeofenceRules.Check(details);

    /// <inheritdoc/>
    public static GeofenceDetails Normalized(GeofenceDetails details) => GeofenceRules.Normalized(details);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Geofence state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(Geofence state) => new { state.Name };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Geofence? state) =>
        state is null && violation.SqlState == PostgresErrorCodes.ForeignKeyViolation
            ? new Conflict("in_use", "Vehicles were seen at this geofence, and their history names it: set isActive to false instead.")
            : null;
}
