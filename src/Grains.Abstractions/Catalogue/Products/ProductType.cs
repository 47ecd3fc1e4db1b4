using System.Text.Json.Serialization;

namespace ChargeCars.Catalogue.Products;

/// <summary>What a product is.</summary>
[JsonConverter(typeof(WireEnumConverter<ProductType>))]
public enum ProductType
{
    /// <summary>A charger.</summary>
    ChargePoint,

    /// <summary>A cable.</summary>
    Cable,

    /// <summary>Work.</summary>
    InstallationService,

    /// <summary>Anything else that is delivered.</summary>
    Accessory,
}
