using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>What the frame needs to know of an entity's table.</summary>
public interface IEntityTable<TState> where TState : class, IEntityState, new()
{
    /// <summary>The record and its table.</summary>
    static abstract RowMapping<TState> Rows { get; }

    /// <summary>The tables of its parts, which change under its version; none for most.</summary>
    static virtual IReadOnlyList<PartTable<TState>> Parts => [];

    /// <summary>What comes before the names of its changes, as in <c>thread.message_added</c>; the table's name for most.</summary>
    static virtual string ChangePrefix => "";

    /// <summary>Columns of the table that the record does not have, as others write them.</summary>
    static virtual IReadOnlyList<string> ColumnsOfOthers => [];

    /// <summary>By what people find one (<see cref="SearchText"/>); null where the kind is not searched for.</summary>
    static virtual Func<TState, SearchText>? Findable => null;

    /// <summary>Other kinds by whose finds it is found too, such as an order by its customer; none for most.</summary>
    static virtual IReadOnlyList<FoundThrough> FoundThrough => [];

    /// <summary>Who may see its changes; null: all who may see the kind.</summary>
    static abstract ChangeScope? ScopeOf(TState state);

    /// <summary>Whose it is to see to, by <c>entity_current_status</c>; null for kinds that are nobody's.</summary>
    static virtual StatusAssignment? AssignmentOf(TState state) => null;

    /// <summary>A few fields by which people know it, such as <c>{ licensePlate }</c>: what a change of status and a deletion carry.</summary>
    static abstract object Label(TState state);

    /// <summary>What <c>created</c> and <c>updated</c> carry. No field that a role may not see: the hub passes it on as it is.</summary>
    static virtual object Told(TState state) => state;

    /// <summary>The refusal that a violated constraint stands for; null where the frame's own words do, or where it is a fault of ours.</summary>
    static virtual Error? Explain(PostgresException violation, TState? state) => null;
}

/// <summary>An entity of the standard shape (docs/adding-an-entity.md): what is its own, and nothing that the frame knows.</summary>
/// <typeparam name="TState">The row.</typeparam>
/// <typeparam name="TDetails">What an editor may set of it.</typeparam>
public interface IEntityKind<TState, TDetails> : IEntityTable<TState>
    where TState : class, TDetails, IEntityState, new()
    where TDetails : class
{
    /// <summary>What a list offers.</summary>
    static abstract ListDefinition List { get; }

    /// <summary>Every faulty field by its name; null where all are sound. Pure; <paramref name="now"/> is UTC.</summary>
    static abstract Invalid? Check(TDetails details, DateTimeOffset now);

    /// <summary>The details in the one form in which they are kept; called after <see cref="Check"/>.</summary>
    static virtual TDetails Normalized(TDetails details) => details;

    /// <summary>What making it means. Pure.</summary>
    static virtual Result<Outcome<TState>> Created(TState made, DateTimeOffset now) => Outcome.Of(made, "created");

    /// <summary>What an editor's change means. Pure.</summary>
    static virtual Result<Outcome<TState>> Revised(TState before, TState after, DateTimeOffset now) => Outcome.Of(after, "updated");

    /// <summary>Why it can't be deleted; null where only what refers to it could stand in the way. Pure.</summary>
    static virtual Error? RefuseDeletion(TState state, DateTimeOffset now) => null;

    /// <summary>The entity's own commands; making, revising and deleting it are the frame's. Pure.</summary>
    static virtual Result<Outcome<TState>> Decide(TState state, EntityCommand<TState> command, DateTimeOffset now) =>
        throw new ArgumentOutOfRangeException(nameof(command), command, $"Not a command of {typeof(TState).Name}.");

    /// <summary>Its actions and what stands in the way of each; none without a transition table. Pure.</summary>
    static virtual ActionOption[] Options(TState state, DateTimeOffset now) => [];
}
