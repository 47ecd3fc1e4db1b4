using System.Text.Json.Serialization;

namespace ChargeCars.Files.Attachments;

/// <summary>What a file may belong to: the words are the tables' names.</summary>
[JsonConverter(typeof(WireEnumConverter<AttachmentOwner>))]
public enum AttachmentOwner
{
    /// <summary>An order.</summary>
    Order,

    /// <summary>A visit.</summary>
    Visit,

    /// <summary>An organization.</summary>
    Organization,

    /// <summary>A contact.</summary>
    Contact,

    /// <summary>An address.</summary>
    Address,

    /// <summary>A product.</summary>
    Product,

    /// <summary>A team.</summary>
    Team,

    /// <summary>A vehicle.</summary>
    Vehicle,

    /// <summary>A call.</summary>
    Call,

    /// <summary>An installed charger.</summary>
    InstalledCharger,

    /// <summary>A conversation.</summary>
    CommunicationThread,

    /// <summary>A message of one, such as a draft; what came with a message that was received is in the message itself.</summary>
    CommunicationMessage,
}
