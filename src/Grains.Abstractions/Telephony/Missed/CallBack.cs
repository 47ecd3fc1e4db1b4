using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Missed;

/// <summary>What is done about a caller who was missed. A row of <c>call_back</c>, one a caller.</summary>
[GenerateSerializer, Immutable, Alias("call-back")]
public sealed record CallBack : IEntityState
{
    /// <summary>Its id, which follows from <see cref="Caller"/>.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The caller, as <see cref="MissedCaller.Key"/> names them.</summary>
    [Id(4)] public string Caller { get; init; } = "";

    /// <summary>The name that they called.</summary>
    [Id(5)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Who calls them back: a contact, or the key of a program.</summary>
    [Id(6)] public Guid? ClaimedBy { get; init; }

    /// <summary>When the claim expires, UTC.</summary>
    [Id(7)] public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>When somebody ticked them off last, UTC: calls after it are missed anew.</summary>
    [Id(8)] public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Who ticked them off.</summary>
    [Id(9)] public Guid? DoneBy { get; init; }

    /// <summary>What they wrote about it.</summary>
    [Id(10)] public string? Note { get; init; }
}

/// <summary>A command about a caller who was missed.</summary>
/// <param name="Caller">The caller, as <see cref="MissedCaller.Key"/> names them.</param>
/// <param name="BusinessEntity">The name that they called.</param>
/// <param name="By">Who does it.</param>
[GenerateSerializer, Immutable, Alias("call-back.command")]
public abstract record CallBackCommand([property: Id(0)] string Caller, [property: Id(1)] BusinessEntity? BusinessEntity, [property: Id(2)] Guid By)
    : EntityCommand<CallBack>;

/// <summary>Takes it upon oneself to call back; renews one's own claim.</summary>
[GenerateSerializer, Immutable, Alias("call-back.claim")]
public sealed record ClaimCallBack(string Caller, BusinessEntity? BusinessEntity, Guid By) : CallBackCommand(Caller, BusinessEntity, By);

/// <summary>Gives one's claim back.</summary>
[GenerateSerializer, Immutable, Alias("call-back.release")]
public sealed record ReleaseCallBack(string Caller, BusinessEntity? BusinessEntity, Guid By) : CallBackCommand(Caller, BusinessEntity, By);

/// <summary>Ticks the caller off.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="BusinessEntity">The name that they called.</param>
/// <param name="By">Who does it.</param>
/// <param name="Note">What they write about it.</param>
[GenerateSerializer, Immutable, Alias("call-back.finish")]
public sealed record FinishCallBack(string Caller, BusinessEntity? BusinessEntity, Guid By, [property: Id(0)] string? Note)
    : CallBackCommand(Caller, BusinessEntity, By);

/// <summary>Forgets the caller, who is erased.</summary>
[GenerateSerializer, Immutable, Alias("call-back.forget")]
public sealed record ForgetCallBack(string Caller, BusinessEntity? BusinessEntity, Guid By) : CallBackCommand(Caller, BusinessEntity, By);
