using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Telephony.Agents;

/// <summary>Who answers the phone, and what they do now. They have no editor: what Aircall's events say is all there is.</summary>
public sealed class AgentKind : IEntityTable<AgentPresence>
{
    /// <inheritdoc/>
    public static RowMapping<AgentPresence> Rows { get; } = new("agent_presence");

    /// <inheritdoc/>
    public static string ChangePrefix => "agent";

    /// <summary>Colleagues belong to no business entity: their changes are for who is limited in nothing.</summary>
    public static ChangeScope? ScopeOf(AgentPresence state) => null;

    /// <inheritdoc/>
    public static object Label(AgentPresence state) => new { state.AgentId, Name = state.Name?.Value };

    /// <summary>Without what the events said one by one.</summary>
    public static object Told(AgentPresence state) => new
    {
        state.Id, state.AgentId, Name = state.Name?.Value, Email = state.Email?.Value, state.Status, Substatus = Substatus(state), state.Since, state.CallId,
        state.Version,
    };

    /// <summary>Why they take no calls, as long as they take none.</summary>
    public static string? Substatus(AgentPresence state) => state.Status == AgentStatus.Unavailable ? state.Substatus?.Value : null;

    /// <summary>The row of an agent of Aircall's.</summary>
    public static Guid IdOf(string agentId) => NameBasedId.Of($"agent/{agentId}");
}
