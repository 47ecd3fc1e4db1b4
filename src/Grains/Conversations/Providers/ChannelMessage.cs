using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;

namespace ChargeCars.Conversations.Providers;

/// <summary>What kind of thing a short message is.</summary>
internal enum ChannelMessageKind
{
    /// <summary>Words, or the press of a button.</summary>
    Text,

    /// <summary>Pictures, sound, files, with or without words.</summary>
    Media,

    /// <summary>A place.</summary>
    Location,

    /// <summary>Cards of contacts.</summary>
    Contacts,

    /// <summary>A sign on another message; without a text it was taken off.</summary>
    Reaction,

    /// <summary>An order or a filled-in form; its fields are in the raw message.</summary>
    Form,

    /// <summary>News of the provider, such as a changed number.</summary>
    System,

    /// <summary>New words for another message.</summary>
    Edit,

    /// <summary>Another message was taken back.</summary>
    Revoke,

    /// <summary>Something that the provider can't hand on.</summary>
    Unsupported,
}

/// <summary>Media that is fetched from the provider, at once: its address and id die.</summary>
/// <param name="Address">Where it is; null where it is asked for by <paramref name="Id"/>.</param>
/// <param name="Id">The provider's id.</param>
/// <param name="MimeType">As sent.</param>
/// <param name="FileName">As sent, not cleaned.</param>
/// <param name="Sha256">As sent, base64 or hexadecimal, to check what is fetched.</param>
internal sealed record ChannelMedia(string? Address, string? Id, string? MimeType, string? FileName = null, string? Sha256 = null);

/// <summary>The other side of a short message.</summary>
/// <param name="Key">What they are known by in this channel account: the provider's user id, else their number, else what stood there.</param>
/// <param name="Number">E.164; null where it is hidden, a short code or letters.</param>
/// <param name="Raw">As sent: what an answer is addressed to.</param>
/// <param name="Name">As they call themselves.</param>
internal sealed record Counterpart(string Key, string? Number, string Raw, string? Name);

/// <summary>A text or WhatsApp message, whoever carried it.</summary>
internal sealed record ChannelMessage
{
    /// <summary>The way it came.</summary>
    public required ChannelType Channel { get; init; }

    /// <summary>Which way it went.</summary>
    public MessageDirection Direction { get; init; }

    /// <summary>Our number or account, as the provider names it.</summary>
    public required string Account { get; init; }

    /// <summary>The provider's id.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Who it is with.</summary>
    public required Counterpart With { get; init; }

    /// <summary>What it is.</summary>
    public ChannelMessageKind Kind { get; init; }

    /// <summary>When it was sent, by the provider's clock, UTC; null where it does not say.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Its words.</summary>
    public string? Text { get; init; }

    /// <summary>What comes with it.</summary>
    public IReadOnlyList<ChannelMedia> Media { get; init; } = [];

    /// <summary>The message that it answers, reacts to, changes or takes back; the provider's id.</summary>
    public string? RefersTo { get; init; }

    /// <summary>Whether it was passed on from elsewhere.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>Degrees, WGS 84, of a place.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees, WGS 84, of a place.</summary>
    public double? Longitude { get; init; }

    /// <summary>Whether it asks for no more messages, or for messages again.</summary>
    public OptOutWord OptOut { get; init; }
}

/// <summary>What a provider reports of a message of ours.</summary>
/// <param name="Account">Our number or account, as the provider names it.</param>
/// <param name="ExternalId">The provider's id. It may be unknown here yet: then the report is kept until the message comes.</param>
/// <param name="OurId">The id that we sent along, which solves unknown outcomes.</param>
/// <param name="Report">What it says.</param>
/// <param name="OptedOut">Whether the receiver wants no messages.</param>
internal sealed record ChannelStatus(string Account, string ExternalId, string? OurId, DeliveryReport Report, bool OptedOut = false);
