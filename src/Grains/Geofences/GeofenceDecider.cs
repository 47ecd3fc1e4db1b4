namespace ChargeCars.Geofences;

/// <summary>What happened to a geofence.</summary>
public abstract record GeofenceEvent;

public sealed record GeofenceCreated(Geofence Geofence) : GeofenceEvent;

public sealed record GeofenceRevised(GeofenceDetails Details) : GeofenceEvent;

public sealed record GeofenceDeleted : GeofenceEvent;

/// <summary>Every rule of a geofence's commands: pure, and total.</summary>
public static class GeofenceDecider
{
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
