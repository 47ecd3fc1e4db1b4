namespace ChargeCars.Fleet.Geofences;

/// <summary>What happened to a geofence.</summary>
public abstract record GeofenceEvent;

/// <summary>It was made.</summary>
/// <param name="Geofence">As it was made.</param>
public sealed record GeofenceCreated(Geofence Geofence) : GeofenceEvent;

/// <summary>What a client may set has changed.</summary>
/// <param name="Details">All of it, as it is now.</param>
public sealed record GeofenceRevised(GeofenceDetails Details) : GeofenceEvent;

/// <summary>It is no more.</summary>
public sealed record GeofenceDeleted : GeofenceEvent;

/// <summary>Every rule of a geofence's commands: pure, and total.</summary>
public static class GeofenceDecider
{
    /// <summary>
    /// What a command does to a geofence (null: to none yet): events, none where nothing changes, or why it is refused.
    /// <paramref name="now"/> is UTC.
    /// </summary>
    public static Result<GeofenceEvent[]> Decide(Geofence? state, GeofenceCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, CreateGeofence create) => GeofenceRules.Check(create.Details) ?? Events(new GeofenceCreated(
            new Geofence(GeofenceRules.Opened(create.Details)) { Id = create.Id, CreatedAt = now })),
        ({ } fence, CreateGeofence) => new Conflict("exists", $"The geofence {fence.Id} exists already."),
        (null, _) => new NotFound("geofence", "by that id"),
        ({ } fence, ReviseGeofence revise) => GeofenceRules.Check(revise.Details) ?? Revise(fence, GeofenceRules.Opened(revise.Details)),
        ({ }, DeleteGeofence) => Events(new GeofenceDeleted()),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a geofence."),
    };

    /// <summary>The geofence after an event; null after its deletion. Throws where the event can't happen to it.</summary>
    public static Geofence? Evolve(Geofence? state, GeofenceEvent @event) => (state, @event) switch
    {
        (null, GeofenceCreated created) => created.Geofence,
        ({ } fence, GeofenceRevised revised) => new Geofence(revised.Details)
        {
            Id = fence.Id,
            Version = fence.Version,
            CreatedAt = fence.CreatedAt,
            UpdatedAt = fence.UpdatedAt,
        },
        ({ }, GeofenceDeleted) => null,
        _ => throw new InvalidOperationException($"{@event} cannot happen to {state?.ToString() ?? "no geofence"}."),
    };

    private static Result<GeofenceEvent[]> Revise(Geofence fence, GeofenceDetails details)
    {
        var revised = new GeofenceRevised(details);
        return IsSame(fence, Evolve(fence, revised)!) ? Events() : Events(revised);
    }

    // Lists are equal by reference to a record: compared apart.
    private static bool IsSame(Geofence one, Geofence other) =>
        one with { Polygon = null } == other with { Polygon = null }
        && (one.Polygon ?? []).SequenceEqual(other.Polygon ?? []);

    private static Result<GeofenceEvent[]> Events(params GeofenceEvent[] events) => events;
}
