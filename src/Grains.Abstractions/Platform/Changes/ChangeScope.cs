namespace ChargeCars.Platform.Changes;

/// <summary>What decides who may see a change; the columns of <c>change_event</c> for it. Never told to clients.</summary>
/// <param name="BusinessEntity">The business entity that it belongs to; null where it belongs to none.</param>
/// <param name="PartnerOrganizationId">The partner whose it is.</param>
/// <param name="ContactId">The person that it is about.</param>
/// <param name="VehicleId">The vehicle that it is about.</param>
[GenerateSerializer, Immutable, Alias("change-scope")]
public sealed record ChangeScope(
    [property: Id(0)] string? BusinessEntity,
    [property: Id(1)] Guid? PartnerOrganizationId,
    [property: Id(2)] Guid? ContactId,
    [property: Id(3)] Guid? VehicleId);
