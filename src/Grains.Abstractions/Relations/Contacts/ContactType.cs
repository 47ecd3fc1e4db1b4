using System.Text.Json.Serialization;

namespace ChargeCars.Relations.Contacts;

/// <summary>What a person is to the company.</summary>
[JsonConverter(typeof(WireEnumConverter<ContactType>))]
public enum ContactType
{
    /// <summary>A customer, or somebody at one.</summary>
    Customer,

    /// <summary>Somebody at a partner.</summary>
    Partner,

    /// <summary>Somebody who works here.</summary>
    Employee,

    /// <summary>Somebody hired for the work.</summary>
    Contractor,
}
