using System.Text.Json.Serialization;

namespace ChargeCars.Relations.Addresses;

/// <summary>What an address belongs to.</summary>
[JsonConverter(typeof(WireEnumConverter<AddressOwner>))]
public enum AddressOwner
{
    /// <summary>An organization.</summary>
    Organization,

    /// <summary>A contact.</summary>
    Contact,

    /// <summary>An order.</summary>
    Order,

    /// <summary>A visit.</summary>
    Visit,
}
