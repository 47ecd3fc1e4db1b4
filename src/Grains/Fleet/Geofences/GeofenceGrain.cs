using ChargeCars.Platform.Entities;

namespace ChargeCars.Fleet.Geofences;

internal sealed class GeofenceGrain(EntityStore<Geofence, GeofenceKind> store, TimeProvider time)
    : StandardGrain<Geofence, GeofenceDetails, GeofenceKind>(store, time);
