namespace ChargeCars.Relations.Addresses;

/// <summary>What an editor may set of an address.</summary>
[GenerateSerializer, Immutable, Alias("address-details")]
public record AddressDetails
{
    /// <summary>What it belongs to; required.</summary>
    [Id(0)] public AddressOwner? EntityType { get; init; }

    /// <summary>The row that it belongs to; required.</summary>
    [Id(1)] public Guid? EntityId { get; init; }

    /// <summary>What it is for; required.</summary>
    [Id(2)] public AddressType? AddressType { get; init; }

    /// <summary>The street.</summary>
    [Id(3)] public string StreetAddress { get; init; } = "";

    /// <summary>The house number with letter and addition, such as <c>14D-1</c>.</summary>
    [Id(4)] public string? StreetNumber { get; init; }

    /// <summary>The town.</summary>
    [Id(5)] public string City { get; init; } = "";

    /// <summary>The province.</summary>
    [Id(6)] public string? StateProvince { get; init; }

    /// <summary>The postcode; in the Netherlands as <c>3435RA</c>.</summary>
    [Id(7)] public string PostalCode { get; init; } = "";

    /// <summary>The country, in English.</summary>
    [Id(8)] public string Country { get; init; } = "Netherlands";

    /// <summary>Where it is; found when the address is checked, where it is not given.</summary>
    [Id(9)] public Coordinates? Coordinates { get; init; }
}

/// <summary>An address. A row of <c>address</c>.</summary>
[GenerateSerializer, Immutable, Alias("address")]
public sealed record Address : AddressDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether a register knows it.</summary>
    [Id(4)] public bool IsValidated { get; init; }

    /// <summary>Which register, and its key there; null where it was not checked.</summary>
    [Id(5)] public string? ValidationSource { get; init; }
}
