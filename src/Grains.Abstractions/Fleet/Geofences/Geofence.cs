namespace ChargeCars.Fleet.Geofences;

/// <summary>A place at which vehicles' coming and going is watched. A row of <c>geofence</c>.</summary>
[GenerateSerializer, Immutable, Alias("geofence")]
public sealed record Geofence : GeofenceDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }
}
