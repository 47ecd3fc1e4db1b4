using System.Text.Json.Serialization;

namespace ChargeCars.Telephony.Calls;

/// <summary>What the telephony system writes of what was said, once a call is over.</summary>
[JsonConverter(typeof(WireEnumConverter<CallTextKind>))]
public enum CallTextKind
{
    /// <summary>Word by word, and who said it.</summary>
    Transcription,

    /// <summary>In a few sentences.</summary>
    Summary,

    /// <summary>What it was about, in key words.</summary>
    Topics,

    /// <summary>The customer's mood.</summary>
    Sentiment,
}
