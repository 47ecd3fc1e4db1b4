using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Platform.Live;

/// <summary>Keeps what each connection has open, so that others can see it. The feature that shows it registers one.</summary>
internal interface IOpenEntities
{
    /// <summary>A connection has these open from now on, in place of what it had. Refuses with a <see cref="Microsoft.AspNetCore.SignalR.HubException"/>.</summary>
    Task<OpenAnswer> SetAsync(string connectionId, Caller caller, OpenRequest request, CancellationToken cancellation);

    /// <summary>A connection is gone, and has nothing open any more. Throws nothing.</summary>
    Task EndAsync(string connectionId);
}

/// <summary>What a client has open.</summary>
public sealed record OpenRequest
{
    /// <summary>The orders; none where it has none open.</summary>
    public IReadOnlyList<Guid>? OrderIds { get; init; }

    /// <summary>What the contract does not know; refused by name.</summary>
    [System.Text.Json.Serialization.JsonExtensionData]
    public Dictionary<string, System.Text.Json.JsonElement>? Unknown { get; init; }
}

/// <summary>Who else has them open.</summary>
public sealed record OpenAnswer(IReadOnlyList<OpenOrder> Items);

/// <summary>An order that the client has open, and everybody who has.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Present">All who have it open, the caller too.</param>
public sealed record OpenOrder(Guid OrderId, IReadOnlyList<Viewer> Present);

/// <summary>Somebody who has it open.</summary>
/// <param name="Actor">Who.</param>
/// <param name="ContactId">Their contact.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record Viewer(Actor Actor, Guid? ContactId, DateTimeOffset Since);
