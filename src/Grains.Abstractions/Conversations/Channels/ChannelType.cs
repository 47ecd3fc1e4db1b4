using System.Text.Json.Serialization;

namespace ChargeCars.Conversations.Channels;

/// <summary>A way in which messages travel.</summary>
[JsonConverter(typeof(WireEnumConverter<ChannelType>))]
public enum ChannelType
{
    /// <summary>Mail.</summary>
    Email,

    /// <summary>Text messages.</summary>
    Sms,

    /// <summary>WhatsApp.</summary>
    Whatsapp,

    /// <summary>The customer's portal.</summary>
    Portal,

    /// <summary>Notes among colleagues; they never leave.</summary>
    Internal,
}
