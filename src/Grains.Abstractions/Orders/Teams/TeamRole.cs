using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Teams;

/// <summary>What a member does in a team.</summary>
[JsonConverter(typeof(WireEnumConverter<TeamRole>))]
public enum TeamRole
{
    /// <summary>Leads it.</summary>
    Lead,

    /// <summary>Installs.</summary>
    Installer,

    /// <summary>Learns; never goes alone.</summary>
    Apprentice,
}
