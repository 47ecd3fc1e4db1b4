namespace ChargeCars.Relations.Organizations;

/// <summary>What an editor may set of an organization.</summary>
[GenerateSerializer, Immutable, Alias("organization-details")]
public record OrganizationDetails
{
    /// <summary>Its name.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>What it is to the company; required.</summary>
    [Id(1)] public OrganizationType? OrganizationType { get; init; }

    /// <summary>The name whose relation it is; null where it is all five's.</summary>
    [Id(2)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Its number at the chamber of commerce: eight digits.</summary>
    [Id(3)] public string? KvkNumber { get; init; }

    /// <summary>Its BTW-id, such as <c>NL004495445B01</c>.</summary>
    [Id(4)] public string? VatNumber { get; init; }

    /// <summary>Its website.</summary>
    [Id(5)] public string? Website { get; init; }

    /// <summary>Its telephone number, E.164.</summary>
    [Id(6)] public string? Phone { get; init; }

    /// <summary>Its e-mail address.</summary>
    [Id(7)] public string? Email { get; init; }
}

/// <summary>A company, partner or customer. A row of <c>organization</c>.</summary>
[GenerateSerializer, Immutable, Alias("organization")]
public sealed record Organization : OrganizationDetails, IEntityState
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
