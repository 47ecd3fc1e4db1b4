namespace ChargeCars.Orders.Teams;

/// <summary>A certificate that somebody holds.</summary>
/// <param name="Name">What it certifies, such as <c>NEN 3140</c>.</param>
/// <param name="ExpiresOn">The last day on which it holds; null where it does not expire.</param>
[GenerateSerializer, Immutable, Alias("certification")]
public sealed record Certification(string Name, DateOnly? ExpiresOn);

/// <summary>A person in a team, for a span of days: crews change daily. A row of <c>team_member</c>; a part of its team.</summary>
[GenerateSerializer, Immutable, Alias("team_member")]
public sealed record TeamMember : IEntityPart
{
    /// <summary>Its id; made anew where none is given.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the team that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The team's.</summary>
    [Id(4)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>The team.</summary>
    [Id(5)] public Guid TeamId { get; init; }

    /// <summary>The person.</summary>
    [Id(6)] public Guid ContactId { get; init; }

    /// <summary>What the person does in it.</summary>
    [Id(7)] public TeamRole Role { get; init; }

    /// <summary>What the person can do, such as <c>three_phase</c>.</summary>
    [Id(8), ArrayColumn] public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>The certificates that the person holds.</summary>
    [Id(9)] public IReadOnlyList<Certification> Certifications { get; init; } = [];

    /// <summary>The first day, of Amsterdam.</summary>
    [Id(10)] public DateOnly ValidFrom { get; init; }

    /// <summary>The last day; null: until further notice.</summary>
    [Id(11)] public DateOnly? ValidTo { get; init; }
}
