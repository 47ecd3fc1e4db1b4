namespace ChargeCars.Identity.Roles;

/// <summary>What an editor may set of a role.</summary>
[GenerateSerializer, Immutable, Alias("role-details")]
public record RoleDetails
{
    /// <summary>Required: lower-case letters, digits and underscores, at most 50; one role's only, of those of the company or of one partner.</summary>
    [Id(0)] public string? RoleName { get; init; }

    /// <summary>What it is for.</summary>
    [Id(1)] public string? Description { get; init; }

    /// <summary>An account whose role is not active can't log in.</summary>
    [Id(2)] public bool IsActive { get; init; } = true;

    /// <summary>The partner whose role it is, which alone can give and change it; null for the company's. Set when it is made, and never changed.</summary>
    [Id(3)] public Guid? PartnerOrganizationId { get; init; }

    /// <summary>The schema's object: resources, organizations, contacts, visits, invoices, communication_messages, audit_logs, data_filters.</summary>
    [Id(4)] public RawJson? Permissions { get; init; }
}

/// <summary>What accounts may do. A row of <c>user_role</c>.</summary>
[GenerateSerializer, Immutable, Alias("role")]
public sealed record Role : RoleDetails, IEntityState
{
    /// <summary>The company's role that can always do everything, and so stays as it is.</summary>
    public const string Administrator = "admin";

    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }
}
