using System.Text.Json.Serialization;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Agents;

/// <summary>What an event says of an agent.</summary>
[JsonConverter(typeof(WireEnumConverter<AgentEventKind>))]
public enum AgentEventKind
{
    /// <summary>The account was made.</summary>
    Created,

    /// <summary>The account is no more.</summary>
    Deleted,

    /// <summary>A phone of theirs is on line.</summary>
    Connected,

    /// <summary>None is.</summary>
    Disconnected,

    /// <summary>They take calls.</summary>
    Opened,

    /// <summary>They take none; sent a second time where a reason follows.</summary>
    Closed,

    /// <summary>They finish a call's paperwork.</summary>
    WrapUpStarted,

    /// <summary>That is done.</summary>
    WrapUpEnded,

    /// <summary>They talk; from the call's events.</summary>
    CallStarted,

    /// <summary>They talk no more; from the call's events.</summary>
    CallEnded,
}

/// <summary>One event of an agent.</summary>
/// <param name="Agent">Who.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, by Aircall's clock, UTC.</param>
/// <param name="Substatus">Why they take no calls, in Aircall's words.</param>
/// <param name="CallId">The call, of those about calls.</param>
[GenerateSerializer, Immutable, Alias("agent.event")]
public sealed record AgentEvent(CallPerson Agent, AgentEventKind Kind, DateTimeOffset At, string? Substatus = null, string? CallId = null);

/// <summary>What an agent does now.</summary>
[JsonConverter(typeof(WireEnumConverter<AgentStatus>))]
public enum AgentStatus
{
    /// <summary>Nothing says so yet.</summary>
    Unknown,

    /// <summary>Takes calls.</summary>
    Available,

    /// <summary>Talks.</summary>
    InCall,

    /// <summary>Finishes a call's paperwork.</summary>
    WrapUp,

    /// <summary>On line, takes no calls.</summary>
    Unavailable,

    /// <summary>No phone is on line.</summary>
    Offline,

    /// <summary>Aircall has the account no more.</summary>
    Removed,
}

/// <summary>Takes what an event says of an agent. The first one makes the row; one that is taken again changes nothing.</summary>
/// <param name="Event">The event; of the agent whose id is the grain's key.</param>
[GenerateSerializer, Immutable, Alias("agent.take-event")]
public sealed record TakeAgentEvent(AgentEvent Event) : EntityCommand<AgentPresence>;

/// <summary>An agent and what they do, joined from events in any order. A row of <c>agent_presence</c>.</summary>
[GenerateSerializer, Immutable, Alias("agent.presence")]
public sealed record AgentPresence : IEntityState
{
    /// <summary>Aircall's id as text.</summary>
    [Id(0)] public string AgentId { get; init; } = "";

    /// <summary>Newest name.</summary>
    [Id(1)] public Stamped<string>? Name { get; init; }

    /// <summary>Newest address.</summary>
    [Id(2)] public Stamped<string>? Email { get; init; }

    /// <summary>Whether the account is there.</summary>
    [Id(3)] public Stamped<bool>? Exists { get; init; }

    /// <summary>Whether a phone is on line.</summary>
    [Id(4)] public Stamped<bool>? IsConnected { get; init; }

    /// <summary>Whether they take calls.</summary>
    [Id(5)] public Stamped<bool>? IsOpen { get; init; }

    /// <summary>Why not.</summary>
    [Id(6)] public Stamped<string>? Substatus { get; init; }

    /// <summary>Whether they finish a call's paperwork.</summary>
    [Id(7)] public Stamped<bool>? IsWrappingUp { get; init; }

    /// <summary>The call that they took last.</summary>
    [Id(8)] public Stamped<string>? LastCall { get; init; }

    /// <summary>Calls that they left, the newest fifty by time.</summary>
    [Id(9)] public IReadOnlyList<Stamped<string>> EndedCalls { get; init; } = [];

    /// <summary>What they do.</summary>
    [Id(10)] public AgentStatus Status { get; init; }

    /// <summary>Since when they do, UTC; null while unknown.</summary>
    [Id(11)] public DateTimeOffset? Since { get; init; }

    /// <summary>The call that they are in.</summary>
    [Id(12)] public string? CallId { get; init; }

    /// <summary>Its id, which follows from <see cref="AgentId"/>.</summary>
    [Id(13)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(14)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(15)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(16)] public DateTimeOffset UpdatedAt { get; init; }
}
