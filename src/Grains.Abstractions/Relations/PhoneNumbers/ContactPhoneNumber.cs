namespace ChargeCars.Relations.PhoneNumbers;

/// <summary>What an editor may set of a phone number.</summary>
[GenerateSerializer, Immutable, Alias("phone_number-details")]
public record ContactPhoneNumberDetails
{
    /// <summary>The person; null for a number that nobody is known by.</summary>
    [Id(0)] public Guid? ContactId { get; init; }

    /// <summary>The number; kept in E.164, and understood as people type it.</summary>
    [Id(1)] public string PhoneNumber { get; init; } = "";
}

/// <summary>A number at which a contact is called. A row of <c>phone_number</c>.</summary>
[GenerateSerializer, Immutable, Alias("phone_number")]
public sealed record ContactPhoneNumber : ContactPhoneNumberDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The country, in English.</summary>
    [Id(3)] public string? CountryName { get; init; }

    /// <summary>The country's dialling code, such as <c>31</c>.</summary>
    [Id(4)] public string? CountryCode { get; init; }

    /// <summary>The IANA time zone of the number, where its country has only one.</summary>
    [Id(5)] public string? Timezone { get; init; }
}
