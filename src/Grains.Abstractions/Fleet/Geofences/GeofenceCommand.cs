namespace ChargeCars.Fleet.Geofences;

/// <summary>What can be asked of a geofence.</summary>
[GenerateSerializer, Immutable, Alias("geofence.command")]
public abstract record GeofenceCommand;

/// <summary>Make it.</summary>
[GenerateSerializer, Immutable, Alias("geofence.create")]
public sealed record CreateGeofence([property: Id(0)] Guid Id, [property: Id(1)] GeofenceDetails Details) : GeofenceCommand;

/// <summary>Replace what an editor may set.</summary>
[GenerateSerializer, Immutable, Alias("geofence.revise")]
public sealed record ReviseGeofence([property: Id(0)] GeofenceDetails Details) : GeofenceCommand;

/// <summary>Take it away; one that vehicles were seen at stays, as their history names it.</summary>
[GenerateSerializer, Immutable, Alias("geofence.delete")]
public sealed record DeleteGeofence : GeofenceCommand;
