using System.Text.Json.Serialization;

namespace ChargeCars;

/// <summary>The five names that the company works under.</summary>
[JsonConverter(typeof(WireEnumConverter<BusinessEntity>))]
public enum BusinessEntity
{
    /// <summary>chargecars</summary>
    Chargecars,

    /// <summary>laderthuis</summary>
    Laderthuis,

    /// <summary>meterkastthuis</summary>
    Meterkastthuis,

    /// <summary>zaptecshop</summary>
    Zaptecshop,

    /// <summary>ratioshop</summary>
    Ratioshop,
}
