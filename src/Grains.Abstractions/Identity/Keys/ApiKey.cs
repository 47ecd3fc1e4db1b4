using System.Text.Json.Serialization;

namespace ChargeCars.Identity.Keys;

/// <summary>A key of a program or a feed. A row of <c>api_key</c>; its hashes are compared and never shown.</summary>
[GenerateSerializer, Immutable, Alias("api-key")]
public sealed record ApiKey : IEntityState
{
    /// <summary>Its id, which is part of its text.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people call it: the program or feed that uses it.</summary>
    [Id(4)] public string Name { get; init; } = "";

    /// <summary>The hash of its secret. In no JSON, and so in no answer, change or log.</summary>
    [Id(5), JsonIgnore] public byte[] KeyHash { get; init; } = [];

    /// <summary>What it may do.</summary>
    [Id(6), ArrayColumn] public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>Whose data it sees; null for all.</summary>
    [Id(7), ArrayColumn] public IReadOnlyList<BusinessEntity>? BusinessEntities { get; init; }

    /// <summary>The partner that it is limited to; null for none.</summary>
    [Id(8)] public Guid? PartnerOrganizationId { get; init; }

    /// <summary>When it stops working, UTC; null for never.</summary>
    [Id(9)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, UTC; null while it works.</summary>
    [Id(10)] public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Who made it; null where a program did.</summary>
    [Id(11)] public Guid? CreatedByContactId { get; init; }

    /// <summary>The hash of the secret before the last rotation; null before the first.</summary>
    [Id(12), JsonIgnore] public byte[]? FormerKeyHash { get; init; }

    /// <summary>Until when that one counts, UTC; null where none does.</summary>
    [Id(13)] public DateTimeOffset? FormerKeyExpiresAt { get; init; }

    /// <summary>The only vehicles that it sees and may send for; null for no such limit.</summary>
    [Id(14), ArrayColumn] public IReadOnlyList<Guid>? VehicleIds { get; init; }
}
