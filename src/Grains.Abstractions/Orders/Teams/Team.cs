namespace ChargeCars.Orders.Teams;

/// <summary>A membership as an editor gives it.</summary>
[GenerateSerializer, Immutable, Alias("team-membership")]
public sealed record TeamMembership
{
    /// <summary>The row that it changes; null for a new one.</summary>
    [Id(0)] public Guid? Id { get; init; }

    /// <summary>The person; required.</summary>
    [Id(1)] public Guid? ContactId { get; init; }

    /// <summary>What the person does in the team; required.</summary>
    [Id(2)] public TeamRole? Role { get; init; }

    /// <summary>What the person can do, such as <c>three_phase</c>.</summary>
    [Id(3)] public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>The certificates that the person holds.</summary>
    [Id(4)] public IReadOnlyList<Certification> Certifications { get; init; } = [];

    /// <summary>The first day, of Amsterdam; required.</summary>
    [Id(5)] public DateOnly? ValidFrom { get; init; }

    /// <summary>The last day; null: until further notice.</summary>
    [Id(6)] public DateOnly? ValidTo { get; init; }
}

/// <summary>What an editor may set of a team.</summary>
[GenerateSerializer, Immutable, Alias("team-details")]
public record TeamDetails
{
    /// <summary>The name that it works for; null: all five.</summary>
    [Id(0)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Its name.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>The van that it usually drives; each visit names its own.</summary>
    [Id(3)] public Guid? VehicleId { get; init; }

    /// <summary>Whether it can be given visits.</summary>
    [Id(4)] public bool IsActive { get; init; } = true;
}

/// <summary>A crew with its members. A row of <c>team</c>.</summary>
[GenerateSerializer, Immutable, Alias("team")]
public sealed record Team : TeamDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who is, was and will be in it; changed by <see cref="SetTeamMember"/> and <see cref="RemoveTeamMember"/>.</summary>
    [Id(4)] public IReadOnlyList<TeamMember> Members { get; init; } = [];
}
