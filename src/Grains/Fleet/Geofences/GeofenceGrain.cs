using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Fleet.Geofences;

/// <inheritdoc cref="IGeofenceGrain"/>
internal sealed class GeofenceGrain(EntityStore<Geofence, GeofenceTable> store, TimeProvider time)
    : EntityGrain<Geofence, GeofenceCommand, GeofenceEvent, GeofenceTable>(store, time), IGeofenceGrain
{
    public Task<Result<Geofence>> GetAsync() => Task.FromResult(
        State is { } fence ? fence : (Result<Geofence>)new NotFound(GeofenceTable.Name, Id.ToString()));

    public async Task<Result<Geofence>> ExecuteAsync(GeofenceCommand command, CommandContext context)
    {
        var before = State;
        var outcome = await HandleAsync(command, context);
        // A deletion that is asked for again after it has happened: the answer carries no more than its id.
        return outcome.Map(replay => replay.State ?? before ?? new Geofence { Id = Id });
    }

    protected override Result<GeofenceEvent[]> Decide(Geofence? state, GeofenceCommand command, DateTimeOffset now) =>
        GeofenceDecider.Decide(state, command, now);

    protected override Geofence? Evolve(Geofence? state, GeofenceEvent @event) => GeofenceDecider.Evolve(state, @event);

    protected override EntityNews Describe(
        Geofence? before, Geofence? after, IReadOnlyList<GeofenceEvent> events, CommandContext context, DateTimeOffset now)
    {
        return new(Transition: null, [.. events.Select(Change)]);

        NewChange Change(GeofenceEvent @event) => @event switch
        {
            GeofenceCreated => New("geofence.created", after),
            GeofenceRevised => New("geofence.updated", after),
            GeofenceDeleted => New("geofence.deleted", new { name = before!.Name }),
            _ => throw new InvalidOperationException($"No change is defined for {@event}."),
        };

        NewChange New<T>(string type, T data) => new(type, GeofenceTable.Name, now, RowJson.ForClient(context.Actor), RowJson.ForClient(data))
        {
            Scope = new((after ?? before)!.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null),
        };
    }
}
