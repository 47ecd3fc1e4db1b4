using System.Text.Json.Serialization;

namespace ChargeCars.Relations.Addresses;

/// <summary>What an address is for.</summary>
[JsonConverter(typeof(WireEnumConverter<AddressType>))]
public enum AddressType
{
    /// <summary>Invoices.</summary>
    Billing,

    /// <summary>Goods.</summary>
    Shipping,

    /// <summary>Where the work is done.</summary>
    Installation,

    /// <summary>Where the owner is to be found.</summary>
    Business,
}
