namespace ChargeCars.Telephony.BusinessNumbers;

/// <summary>What an editor may set of a business number.</summary>
[GenerateSerializer, Immutable, Alias("business_phone_number-details")]
public record BusinessPhoneNumberDetails
{
    /// <summary>Its id there; unique.</summary>
    [Id(0)] public string AircallId { get; init; } = "";

    /// <summary>What colleagues call it.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>The number, E.164 where it is one.</summary>
    [Id(2)] public string Digits { get; init; } = "";

    /// <summary>The name that is called by it.</summary>
    [Id(3)] public Guid? BusinessEntityId { get; init; }
}

/// <summary>A number of the company at the telephony system. A row of <c>business_phone_number</c>.</summary>
[GenerateSerializer, Immutable, Alias("business_phone_number")]
public sealed record BusinessPhoneNumber : BusinessPhoneNumberDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the telephony system last said what it is; UTC.</summary>
    [Id(3)] public DateTimeOffset? LastSynced { get; init; }

    /// <summary>Whether it takes calls, by the telephony system's word; null where it said nothing.</summary>
    [Id(4)] public bool? IsOpen { get; init; }

    /// <summary>Whether the telephony system has it no more. The row stays, as calls name it.</summary>
    [Id(5)] public bool IsRemoved { get; init; }
}
