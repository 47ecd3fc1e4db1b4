using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Audit;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>
/// Who may do what with a kind of entity, over HTTP. The scope stands here once, for one object, for lists, for references from
/// other entities, for search and for exports; it has no default, so that one that was forgotten does not compile.
/// </summary>
/// <typeparam name="TState">The row.</typeparam>
/// <typeparam name="TDetails">What an editor may set of it.</typeparam>
internal interface IEntityAccess<TState, TDetails>
    where TState : class, TDetails
    where TDetails : class
{
    /// <summary>The address of the list, such as <c>/api/products</c>.</summary>
    static abstract string Route { get; }

    /// <summary>What one is called in English, such as <c>product</c>.</summary>
    static abstract string Noun { get; }

    /// <summary>What several are called; the noun with an s for most.</summary>
    static virtual string Nouns => "";

    /// <summary>The permission to see them.</summary>
    static abstract string Read { get; }

    /// <summary>The permission to make, change and delete them.</summary>
    static abstract string Write { get; }

    /// <summary>What the caller sees of the kind's rows, as a condition on its table's columns; null for all of them.</summary>
    static abstract ScopeCondition? Visible(Caller caller);

    /// <summary>Why the caller may not write these values, or not to this entity; null where they may.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="details">What is to be written.</param>
    /// <param name="before">The entity before; null where it is to be made.</param>
    static abstract Error? RefuseWriting(Caller caller, TDetails details, TState? before);

    /// <summary>Why the caller may not change it so, where other rows decide that; null where they may. Asked after <see cref="RefuseWriting"/>.</summary>
    static virtual Task<IResult?> RefuseChangeAsync(TState before, TDetails after, HttpContext http) => Task.FromResult<IResult?>(null);

    /// <summary>Why the caller may not delete it, though it may write it; null where they may.</summary>
    static virtual Error? RefuseDeletion(Caller caller, TState state) => null;

    /// <summary>The entity as the caller may see it. <paramref name="now"/> is UTC.</summary>
    static virtual object Seen(TState state, Caller caller, DateTimeOffset now) => state;

    /// <summary>Its actions for the caller, where they depend on who asks.</summary>
    /// <param name="options">As they are for everybody.</param>
    /// <param name="state">The entity.</param>
    /// <param name="caller">Who asks.</param>
    static virtual ActionOption[] Options(ActionOption[] options, TState state, Caller caller) => options;

    /// <summary>What <see cref="Seen"/> answers, for the API's description.</summary>
    static virtual Type View => typeof(TState);

    /// <summary>The same for the audit of the rows: what <see cref="Seen"/> leaves out, their history does not show either.</summary>
    static virtual IEnumerable<AuditMask> Masks => [];

    /// <summary>The fields that name rows of other kinds: what the caller does not see does not exist for them.</summary>
    static virtual IEnumerable<EntityReference> References(TDetails details) => [];

    /// <summary>Whether rows can be deleted at all; those that history names are deactivated instead.</summary>
    static virtual bool IsDeletable => true;

    /// <summary>Whether it is made by <c>POST</c> to the list with its details; else the kind maps a way of its own.</summary>
    static virtual bool IsMadeOfDetails => true;

    /// <summary>Whether it has a transition table: <c>GET …/actions</c> and <c>…/transitions</c>.</summary>
    static virtual bool HasTransitions => false;

    /// <summary>A sound body for creation, as the documentation shows it.</summary>
    static abstract TDetails Example { get; }

    /// <summary>Maps what this kind has besides the common routes.</summary>
    static virtual void MapMore(RouteGroupBuilder group)
    {
    }
}

/// <summary>A field that names a row of another kind.</summary>
/// <param name="Field">The field, camelCase.</param>
/// <param name="Table">The other kind's table.</param>
/// <param name="Id">The row; null where none is named.</param>
internal readonly record struct EntityReference(string Field, string Table, Guid? Id);
