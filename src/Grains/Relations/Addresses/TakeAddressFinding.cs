using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Addresses;

/// <summary>Takes what a register says of the address.</summary>
/// <param name="Asked">What was looked up; where the address has changed since, nothing happens.</param>
/// <param name="Source">Which register, and its key there.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Province">The province; null where the register did not say.</param>
[GenerateSerializer, Immutable, Alias("address.take-finding")]
internal sealed record TakeAddressFinding(PostalAddress Asked, string Source, Coordinates Place, string? Province) : EntityCommand<Address>;
