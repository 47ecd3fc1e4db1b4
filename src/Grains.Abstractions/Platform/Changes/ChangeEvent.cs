using System.Text.Json.Serialization;

namespace ChargeCars.Platform.Changes;

/// <summary>A committed change as screens, partners and other systems get it; a row of <c>change_event</c>.</summary>
/// <param name="Sequence">Its place in the one order of all changes: dense, and in the order of the commits.</param>
/// <param name="Type">What happened, such as <c>vehicle.status_changed</c>.</param>
/// <param name="EntityType">The table of what changed.</param>
/// <param name="EntityId">Its id.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who, as JSON of <see cref="ChargeCars.Actor"/>.</param>
/// <param name="Data">What a client needs to follow the change without asking.</param>
[GenerateSerializer, Immutable, Alias("change-event")]
public sealed record ChangeEvent(
    [property: Id(0)] long Sequence,
    [property: Id(1)] string Type,
    [property: Id(2)] string EntityType,
    [property: Id(3)] Guid EntityId,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] RawJson Actor,
    [property: Id(6)] RawJson Data)
{
    /// <summary>What decides who may see it; not told to clients.</summary>
    [Id(7), JsonIgnore]
    public ChangeScope? Scope { get; init; }
}

/// <summary>
/// The changes of one commit, as the stream carries them: contiguous by sequence. A listener whose head is older than
/// the first one reads what lies between from <c>change_event</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("changes-committed")]
public sealed record ChangesCommitted([property: Id(0)] IReadOnlyList<ChangeEvent> Changes);
