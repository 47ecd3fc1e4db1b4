using System.Text.Json.Serialization;

namespace ChargeCars.Files.Attachments;

/// <summary>What sort of file something is, by its content.</summary>
[JsonConverter(typeof(WireEnumConverter<FileSort>))]
public enum FileSort
{
    /// <summary>A picture.</summary>
    Image,

    /// <summary>A document: PDF, or of an office program.</summary>
    Document,

    /// <summary>Moving pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Plain or marked-up text.</summary>
    Text,

    /// <summary>Files packed into one.</summary>
    Archive,

    /// <summary>Anything else.</summary>
    Other,
}
