using System.Text.Json.Serialization;

namespace ChargeCars.Fleet.Geofences;

/// <summary>A place whose vehicles' coming and going is told. Immutable; changed only by events.</summary>
[GenerateSerializer, Immutable, Alias("geofence")]
public sealed record Geofence : GeofenceDetails, IEntityState<Geofence>
{
    /// <summary>An empty geofence, for JSON to fill.</summary>
    [JsonConstructor]
    public Geofence()
    {
    }

    /// <summary>A geofence out of the details that an editor gave.</summary>
    public Geofence(GeofenceDetails details) : base(details)
    {
    }

    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Raised by one with every committed change; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc/>
    public Geofence Stamped(long version, DateTimeOffset updatedAt) => this with { Version = version, UpdatedAt = updatedAt };
}
