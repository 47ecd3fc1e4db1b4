namespace ChargeCars.Relations.Addresses;

/// <summary>What became of an attempt to validate an address. None of them refuses it.</summary>
public abstract record AddressFinding;

/// <summary>It is in the register, with exactly this letter, addition and street.</summary>
/// <param name="Address">As the register has it.</param>
/// <param name="Source">Which register, for <c>address.validation_source</c>.</param>
public sealed record AddressValid(RegisteredAddress Address, string Source) : AddressFinding;

/// <summary>The register has others at that postcode and number, one of which may be meant: a person chooses.</summary>
/// <param name="Candidates">Not empty; in the order of their house numbers.</param>
public sealed record AddressAmbiguous(IReadOnlyList<RegisteredAddress> Candidates) : AddressFinding;

/// <summary>The register has no such postcode and number.</summary>
public sealed record AddressNotFound : AddressFinding;

/// <summary>It could not be checked, which says nothing about the address: it stays unvalidated.</summary>
/// <param name="Reason">Why, for the reader.</param>
public sealed record AddressUnknown(string Reason) : AddressFinding;
