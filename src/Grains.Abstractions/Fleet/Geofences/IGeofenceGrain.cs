namespace ChargeCars.Fleet.Geofences;

/// <summary>One geofence: its row. Key: the geofence's id.</summary>
[Alias("ChargeCars.IGeofenceGrain")]
public interface IGeofenceGrain : IGrainWithGuidKey
{
    /// <summary>The geofence as it is now; <see cref="NotFound"/> where there is none.</summary>
    [Alias("get")]
    Task<Result<Geofence>> GetAsync();

    /// <summary>
    /// Decides, commits, then answers with the geofence after the command. Refuses with <see cref="NotFound"/>,
    /// <see cref="Invalid"/>, <see cref="StaleVersion"/>, <see cref="Conflict"/> or <see cref="TryAgain"/>.
    /// </summary>
    [Alias("execute")]
    Task<Result<Geofence>> ExecuteAsync(GeofenceCommand command, CommandContext context);
}
