namespace ChargeCars.Relations.Addresses;

/// <summary>Looks an address up in a register. A register that fails or is slow makes <see cref="AddressUnknown"/>, never an exception.</summary>
public interface IAddressValidator
{
    /// <summary>Looks the address up as it was written or as it is kept.</summary>
    ValueTask<AddressFinding> ValidateAsync(PostalAddress address, CancellationToken cancellation);
}
