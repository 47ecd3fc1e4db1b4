using System.Text.Json.Serialization;

namespace ChargeCars.Relations.Organizations;

/// <summary>What an organization is to the company.</summary>
[JsonConverter(typeof(WireEnumConverter<OrganizationType>))]
public enum OrganizationType
{
    /// <summary>A customer that is a business.</summary>
    CustomerBusiness,

    /// <summary>A customer who is a person.</summary>
    CustomerIndividual,

    /// <summary>A partner, for whose customers we work.</summary>
    Partner,

    /// <summary>Somebody who delivers goods.</summary>
    Supplier,

    /// <summary>One of the company's own five names.</summary>
    BusinessEntity,
}
