using System.Text.Json.Serialization;
using ChargeCars.Conversations.Channels;

namespace ChargeCars.Conversations.Templates;

/// <summary>A language in which customers are written to.</summary>
[JsonConverter(typeof(WireEnumConverter<TemplateLanguage>))]
public enum TemplateLanguage
{
    /// <summary>Dutch.</summary>
    Nl,

    /// <summary>English.</summary>
    En,
}

/// <summary>What a template is for.</summary>
[JsonConverter(typeof(WireEnumConverter<TemplatePurpose>))]
public enum TemplatePurpose
{
    /// <summary>A person chooses it.</summary>
    General,

    /// <summary>The program sends it when a van sets out.</summary>
    OnMyWay,

    /// <summary>The program sends it when the expected arrival has moved away from what was told.</summary>
    ArrivalMoved,
}

/// <summary>What an editor may set of a template.</summary>
[GenerateSerializer, Immutable, Alias("message_template-details")]
public record MessageTemplateDetails
{
    /// <summary>The name that speaks; required.</summary>
    [Id(0)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>How the message travels; required, and not <c>internal</c>.</summary>
    [Id(1)] public ChannelType? Channel { get; init; }

    /// <summary>Its language; required.</summary>
    [Id(2)] public TemplateLanguage? Language { get; init; }

    /// <summary>What it is for; of a purpose other than <c>general</c> one is in use for a name, channel and language.</summary>
    [Id(3)] public TemplatePurpose Purpose { get; init; }

    /// <summary>What colleagues call it; required.</summary>
    [Id(4)] public string Name { get; init; } = "";

    /// <summary>The mail's subject, as Liquid; required by mail, and of mail only.</summary>
    [Id(5)] public string? Subject { get; init; }

    /// <summary>The text, as Liquid with the variables that are known, such as <c>{{ customer.first_name }}</c>; required.</summary>
    [Id(6)] public string Body { get; init; } = "";

    /// <summary>Whether it is used.</summary>
    [Id(7)] public bool IsActive { get; init; } = true;

    /// <summary>
    /// The name under which WhatsApp approved it; of WhatsApp only. The approved text has the variables of the body as its places, each once, in the
    /// order in which the body names them first.
    /// </summary>
    [Id(8)] public string? ProviderName { get; init; }

    /// <summary>The language in which WhatsApp approved it, such as <c>nl</c> or <c>en_US</c>; belongs to <see cref="ProviderName"/>.</summary>
    [Id(9)] public string? ProviderLanguage { get; init; }
}

/// <summary>A message as it is written beforehand, with places for what differs. A row of <c>message_template</c>.</summary>
[GenerateSerializer, Immutable, Alias("message_template")]
public sealed record MessageTemplate : MessageTemplateDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }
}
