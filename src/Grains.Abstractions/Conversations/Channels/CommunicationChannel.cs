namespace ChargeCars.Conversations.Channels;

/// <summary>What an editor may set of a channel.</summary>
[GenerateSerializer, Immutable, Alias("communication_channel-details")]
public record CommunicationChannelDetails
{
    /// <summary>The name that speaks; required.</summary>
    [Id(0)] public Guid? BusinessEntityId { get; init; }

    /// <summary>How messages travel; required.</summary>
    [Id(1)] public ChannelType? Channel { get; init; }

    /// <summary>What colleagues call it.</summary>
    [Id(2)] public string Name { get; init; } = "";

    /// <summary>The mail address or number that messages come from and go to; none for portal and internal.</summary>
    [Id(3)] public string? Address { get; init; }

    /// <summary>Whether it is used.</summary>
    [Id(4)] public bool IsActive { get; init; } = true;

    /// <summary>What its sender needs besides; no secret.</summary>
    [Id(5)] public RawJson? Settings { get; init; }
}

/// <summary>An address or number through which one of the five names speaks. A row of <c>communication_channel</c>.</summary>
[GenerateSerializer, Immutable, Alias("communication_channel")]
public sealed record CommunicationChannel : CommunicationChannelDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }
}
