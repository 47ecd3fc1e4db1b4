using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Audit;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Fleet.Geofences;

/// <summary>
/// Geofences: those of the caller's business entities to see and change, those that serve all five to see; all of them only to see for
/// who is limited to some vehicles, as every vehicle is watched at them. Partners have no access to geofences.
/// </summary>
internal sealed class GeofenceAccess : IEntityAccess<Geofence, GeofenceDetails>
{
    public static string Route => "/api/geofences";

    public static string Noun => "geofence";

    public static string Read => Permissions.GeofencesRead;

    public static string Write => Permissions.GeofencesWrite;

    public static GeofenceDetails Example => new()
    {
        Name = "Depot Utrecht", BusinessEntity = BusinessEntity.Chargecars, Shape = GeofenceShape.Circle, Latitude = 52.0907, Longitude = 5.1214, RadiusMeters = 150,
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.PartnerOrganizationId is null ? null : "false", text.OfBusinessEntities(caller, orNone: true));
    }

    public static Error? RefuseWriting(Caller caller, GeofenceDetails details, Geofence? before) =>
        caller.PartnerOrganizationId is not null ? new Forbidden("Partners have no access to geofences.")
            : caller.Vehicles is not null ? new Forbidden("A geofence watches all vehicles: credentials that see only some can't make, change or delete one.")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity) ?? (before is null ? null : BusinessEntityScope.Refuse(caller, before.BusinessEntity));

    /// <summary>Of what happens at them: where a vehicle was when it came or went is a permission of its own.</summary>
    public static IEnumerable<AuditMask> Masks => [new("geofence_event", VehicleScope.SeesPositions, "latitude", "longitude")];

    public static IEnumerable<EntityReference> References(GeofenceDetails details) => [new("visitId", "visit", details.VisitId)];
}
