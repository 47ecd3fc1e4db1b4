using ChargeCars.Orders.Deadlines;

namespace ChargeCars.Relations.BusinessEntities;

/// <summary>What an editor may set of one of the five names.</summary>
[GenerateSerializer, Immutable, Alias("business_entity-details")]
public record BusinessEntityProfileDetails
{
    /// <summary>Which; required.</summary>
    [Id(0)] public BusinessEntity? EntityCode { get; init; }

    /// <summary>The name in the trade register.</summary>
    [Id(1)] public string LegalName { get; init; } = "";

    /// <summary>The name that customers know.</summary>
    [Id(2)] public string? TradeName { get; init; }

    /// <summary>Its number at the chamber of commerce: eight digits.</summary>
    [Id(3)] public string? KvkNumber { get; init; }

    /// <summary>Its BTW-id.</summary>
    [Id(4)] public string? VatNumber { get; init; }

    /// <summary>The IBAN on its invoices.</summary>
    [Id(5)] public string? BankAccount { get; init; }

    /// <summary>The domains that its mail comes from.</summary>
    [Id(6)] public IReadOnlyList<string>? EmailDomains { get; init; }

    /// <summary>Through what it speaks, as an object of its own making.</summary>
    [Id(7)] public RawJson? CommunicationChannels { get; init; }

    /// <summary>Colours and logo, as an object of its own making.</summary>
    [Id(8)] public RawJson? BrandingConfig { get; init; }

    /// <summary>Whether it takes orders.</summary>
    [Id(9)] public bool IsActive { get; init; } = true;

    /// <summary>When it works, which deadlines count by; null: Monday to Friday from 08:00 to 17:00 but for the Dutch holidays.</summary>
    [Id(10)] public CalendarSettings? Calendar { get; init; }

    /// <summary>Whether its customers are told that a van is on its way; null: they are not.</summary>
    [Id(11)] public OnTheWaySettings? OnTheWay { get; init; }
}

/// <summary>One of the five names that the company works under. A row of <c>business_entity</c>.</summary>
[GenerateSerializer, Immutable, Alias("business_entity")]
public sealed record BusinessEntityProfile : BusinessEntityProfileDetails, IEntityState
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
