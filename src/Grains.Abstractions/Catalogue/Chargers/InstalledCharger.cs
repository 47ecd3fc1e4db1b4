namespace ChargeCars.Catalogue.Chargers;

/// <summary>What an editor may set of an installed charger.</summary>
[GenerateSerializer, Immutable, Alias("installed_charger-details")]
public record InstalledChargerDetails
{
    /// <summary>The name that serves it; null: all five.</summary>
    [Id(0)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Who made it.</summary>
    [Id(1)] public string Brand { get; init; } = "";

    /// <summary>What its maker calls it.</summary>
    [Id(2)] public string? Model { get; init; }

    /// <summary>Its number; one charger's of the brand, in capitals.</summary>
    [Id(3)] public string SerialNumber { get; init; } = "";

    /// <summary>The product that it is, where it is one of ours.</summary>
    [Id(4)] public Guid? ProductId { get; init; }

    /// <summary>Where it hangs.</summary>
    [Id(5)] public Guid? AddressId { get; init; }

    /// <summary>The organization that owns it.</summary>
    [Id(6)] public Guid? OwnerOrganizationId { get; init; }

    /// <summary>The person to speak to about it.</summary>
    [Id(7)] public Guid? OwnerContactId { get; init; }

    /// <summary>The visit that installed it; null where we did not.</summary>
    [Id(8)] public Guid? InstalledByVisitId { get; init; }

    /// <summary>The day on which it was installed.</summary>
    [Id(9)] public DateOnly? InstalledOn { get; init; }

    /// <summary>The last day of its warranty, which runs from its installation.</summary>
    [Id(10)] public DateOnly? WarrantyUntil { get; init; }

    /// <summary>The charger that took its place.</summary>
    [Id(11)] public Guid? ReplacedById { get; init; }

    /// <summary>The day on which it was taken down.</summary>
    [Id(12)] public DateOnly? RemovedOn { get; init; }

    /// <summary>Whether we sold it.</summary>
    [Id(13)] public bool IsSoldByUs { get; init; } = true;

    /// <summary>What colleagues should know.</summary>
    [Id(14)] public string? Notes { get; init; }
}

/// <summary>A charger on a wall, sold by us or not. A row of <c>installed_charger</c>.</summary>
[GenerateSerializer, Immutable, Alias("installed_charger")]
public sealed record InstalledCharger : InstalledChargerDetails, IEntityState
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
