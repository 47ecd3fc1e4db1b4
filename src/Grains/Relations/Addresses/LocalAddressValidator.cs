namespace ChargeCars.Relations.Addresses;

/// <summary>What can be said without a register: whether an address could be in it at all.</summary>
public sealed class LocalAddressValidator : IAddressValidator
{
    /// <inheritdoc/>
    public ValueTask<AddressFinding> ValidateAsync(PostalAddress address, CancellationToken cancellation) =>
        new(WithoutRegister(address) ?? new AddressUnknown("no register of addresses is configured"));

    /// <summary>The finding that needs no register; null where one must be asked.</summary>
    internal static AddressFinding? WithoutRegister(PostalAddress address) =>
        !address.IsDutch ? new AddressUnknown("only Dutch addresses are looked up")
        : string.IsNullOrWhiteSpace(address.StreetNumber) ? new AddressUnknown("it has no house number")
        : Postcode.Fault(address.PostalCode) is not null || HouseNumber.Fault(address.StreetNumber) is not null ? new AddressNotFound()
        : null;
}
