namespace ChargeCars.Relations.Contacts;

/// <summary>What an editor may set of a contact.</summary>
[GenerateSerializer, Immutable, Alias("contact-details")]
public record ContactDetails
{
    /// <summary>The organization that the person belongs to.</summary>
    [Id(0)] public Guid? OrganizationId { get; init; }

    /// <summary>First name.</summary>
    [Id(1)] public string FirstName { get; init; } = "";

    /// <summary>Last name, with its prefix: <c>de Vries</c>.</summary>
    [Id(2)] public string LastName { get; init; } = "";

    /// <summary>E-mail address; several people may share one.</summary>
    [Id(3)] public string Email { get; init; } = "";

    /// <summary>Telephone number, E.164.</summary>
    [Id(4)] public string? Phone { get; init; }

    /// <summary>Mobile number, E.164.</summary>
    [Id(5)] public string? Mobile { get; init; }

    /// <summary>What the person is to the company.</summary>
    [Id(6)] public ContactType? ContactType { get; init; }

    /// <summary>Whether the person is the organization's first contact; one is at most.</summary>
    [Id(7)] public bool IsPrimary { get; init; }
}

/// <summary>A person. A row of <c>contact</c>.</summary>
[GenerateSerializer, Immutable, Alias("contact")]
public sealed record Contact : ContactDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the person was erased, UTC; null while there is one.</summary>
    [Id(4)] public DateTimeOffset? ErasedAt { get; init; }
}
