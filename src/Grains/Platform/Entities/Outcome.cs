using ChargeCars.Platform.DueCommands;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// What a decider answers: the state after the command, what that is called outside, and what follows from it. A decider starts
/// from the state before (<c>state with { … }</c>), so that nothing is lost which the command says nothing of.
/// </summary>
/// <typeparam name="TState">The entity's state.</typeparam>
/// <param name="After">The state after; null after a deletion. The frame sets its version and the time of the change.</param>
public sealed record Outcome<TState>(TState? After) where TState : class
{
    /// <summary>The change of status, where there is one. The frame writes its history and announces <c>status_changed</c>.</summary>
    public StatusMove? Moved { get; init; }

    /// <summary>What else is announced, in this order after <see cref="Moved"/>.</summary>
    public IReadOnlyList<Announcement<TState>> Announced { get; init; } = [];

    /// <summary>Rows of parts that are too many to be held in the state: each change is named, and written in the same transaction.</summary>
    public IReadOnlyList<PartChange> Parts { get; init; } = [];

    /// <summary>What others must do because of it; written in the same transaction.</summary>
    public IReadOnlyList<DueCommand> Then { get; init; } = [];

    /// <summary>The keys of due commands that are not to be carried out any more (<see cref="DueCommand.Key"/>).</summary>
    public IReadOnlyList<string> Withdrawn { get; init; } = [];

    /// <summary>The deadline of the entity's status from now on; null leaves it as it is.</summary>
    public Deadline? Deadline { get; init; }

    /// <summary>Why, for the audit; the command's own name where nobody gave a reason.</summary>
    public string? Summary { get; init; }
}

/// <summary>Outcomes that many deciders answer.</summary>
public static class Outcome
{
    /// <summary>The state is as it was.</summary>
    public static Outcome<TState> Unchanged<TState>(TState state) where TState : class => new(state);

    /// <summary>Whether there is nothing to commit: the row and its parts are as they were, and nothing follows.</summary>
    public static bool ChangesNothing<TState, TKind>(this Outcome<TState> outcome, TState before)
        where TState : class, IEntityState, new()
        where TKind : IEntityTable<TState> =>
        outcome is { After: { } after, Moved: null, Parts.Count: 0, Then.Count: 0, Withdrawn.Count: 0 }
        && (ReferenceEquals(before, after) || (TKind.Rows.Same(before, after) && TKind.Parts.All(part => part.Same(before, after))));

    /// <summary>A new state under one name, such as <c>updated</c>; all of the state is announced.</summary>
    public static Outcome<TState> Of<TState>(TState after, string name) where TState : class => new(after) { Announced = [new(name)] };
}

/// <summary>A change of status.</summary>
/// <param name="From">The status before; null at creation, which has its history too and is announced as <c>created</c>.</param>
/// <param name="To">The status after.</param>
/// <param name="Reason">Why, in the words of who did it.</param>
public sealed record StatusMove(string? From, string To, string? Reason = null)
{
    /// <summary>Whether it is a milestone of the entity's life.</summary>
    public bool IsMilestone { get; init; }

    /// <summary>Whether the change is announced under a name of its own, and not as <c>status_changed</c>.</summary>
    public bool HasOwnName { get; init; }

    /// <summary>What else the history keeps of it, and screens are told of it; null where there is nothing.</summary>
    public object? Context { get; init; }
}

/// <summary>By when something must be done about an entity, as <c>entity_current_status</c> keeps it.</summary>
/// <param name="At">UTC; null: there is no deadline.</param>
public sealed record Deadline(DateTimeOffset? At);

/// <summary>Whose an entity is to see to, as <c>entity_current_status</c> keeps it.</summary>
/// <param name="ContactId">The person; null where it is nobody's in particular.</param>
/// <param name="TeamId">The team; null where it is no team's.</param>
public sealed record StatusAssignment(Guid? ContactId, Guid? TeamId);

/// <summary>A change as it is called outside.</summary>
/// <param name="Name">What happened, without the entity: <c>updated</c>, <c>mileage_changed</c>.</param>
/// <param name="Data">What a client needs to follow it, by the state after it; null: what the kind tells of the state.</param>
public sealed record Announcement<TState>(string Name, Func<TState, object>? Data = null);
