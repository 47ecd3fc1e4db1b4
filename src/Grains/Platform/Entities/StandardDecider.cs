namespace ChargeCars.Platform.Entities;

/// <summary>What is decided alike for every kind of the standard shape: exists, not found, made, revised, deleted. Pure.</summary>
public static class StandardDecider
{
    /// <summary>What a command does to an entity (null: to none yet), or why it is refused.</summary>
    /// <param name="id">The entity's id.</param>
    /// <param name="state">The entity.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">When, UTC.</param>
    public static Result<Outcome<TState>> Decide<TState, TDetails, TKind>(
        Guid id, TState? state, EntityCommand<TState> command, DateTimeOffset now)
        where TState : class, TDetails, IEntityState, new()
        where TDetails : class
        where TKind : IEntityKind<TState, TDetails> => (state, command) switch
    {
        (null, Create<TState, TDetails> create) =>
            TKind.Check(create.Details, now) is { } fault ? fault : TKind.Created(With<TState, TDetails, TKind>(TKind.Rows.New(id, now), create.Details), now),
        ({ }, Create<TState, TDetails>) => new Conflict("exists", $"The {TKind.Rows.Table} {id} exists already."),
        (null, _) => new NotFound(TKind.Rows.Table, id.ToString()),
        ({ } known, Revise<TState, TDetails> revise) =>
            TKind.Check(revise.Details, now) is { } fault ? fault : TKind.Revised(known, With<TState, TDetails, TKind>(known, revise.Details), now),
        ({ } known, Delete<TState>) => TKind.RefuseDeletion(known, now) is { } refusal
            ? refusal
            : new Outcome<TState>(null) { Announced = [new("deleted")] },
        ({ } known, _) => TKind.Decide(known, command, now),
    };

    private static TState With<TState, TDetails, TKind>(TState state, TDetails details)
        where TState : class, TDetails, IEntityState, new()
        where TDetails : class
        where TKind : IEntityKind<TState, TDetails> => EntityDetails<TState, TDetails>.Into(state, TKind.Normalized(details));
}
