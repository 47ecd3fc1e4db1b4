using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Conversations.Templates;

/// <summary>Templates of messages.</summary>
public sealed class MessageTemplateKind : IEntityKind<MessageTemplate, MessageTemplateDetails>
{
    /// <inheritdoc/>
    public static RowMapping<MessageTemplate> Rows { get; } = new("message_template");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["channel"] = ListFilter.Word<ChannelType>("channel"),
            ["language"] = ListFilter.Word<TemplateLanguage>("language"),
            ["purpose"] = ListFilter.Word<TemplatePurpose>("purpose"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(MessageTemplateDetails details, DateTimeOffset now)
    {
        var isMail = details.Channel == ChannelType.Email;
        var longest = details.Channel switch
        {
            ChannelType.Sms => MessageContentRules.LongestSms,
            ChannelType.Whatsapp => MessageContentRules.LongestWhatsapp,
            _ => TemplateText.Longest,
        };
        return new FieldFaults()
            .OneOf("businessEntity", details.BusinessEntity)
            .OneOf("channel", details.Channel)
            .OneOf("language", details.Language)
            .OneOf("purpose", (TemplatePurpose?)details.Purpose)
            .Text("name", details.Name, 1..100)
            .Text("subject", details.Subject, (isMail ? 1 : 0)..500)
            .Lines("body", details.Body, 1..longest)
            .Rule("channel", details.Channel == ChannelType.Internal, "must be a channel to customers")
            .Rule(
                "channel", details is { Channel: ChannelType.Portal, Purpose: not TemplatePurpose.General },
                "must be one that reaches a phone: sms, whatsapp or email")
            .Rule("subject", details.Subject is not null && !isMail, "belongs to mail only")
            .Rule("providerName", details.ProviderName is not null && details.Channel != ChannelType.Whatsapp, "belongs to WhatsApp only")
            .Fault("providerName", ProviderTemplate.NameFault(PlainText.TidyOrNull(details.ProviderName)))
            .Rule("providerLanguage", details.ProviderName is null != details.ProviderLanguage is null, "belongs to providerName: give both or neither")
            .Fault("providerLanguage", ProviderTemplate.LanguageFault(PlainText.TidyOrNull(details.ProviderLanguage)))
            .Fault("subject", details.Subject is { } subject ? TemplateText.Read(subject).Fault : null)
            .Fault("body", details.Body is { } body ? TemplateText.Read(body).Fault : null)
            .Invalid;
    }

    /// <inheritdoc/>
    public static MessageTemplateDetails Normalized(MessageTemplateDetails details) => details with
    {
        Name = PlainText.Tidy(details.Name), Subject = PlainText.TidyOrNull(details.Subject), Body = PlainText.TidyLines(details.Body),
        ProviderName = PlainText.TidyOrNull(details.ProviderName), ProviderLanguage = PlainText.TidyOrNull(details.ProviderLanguage),
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(MessageTemplate state) => state.BusinessEntity is { } entity ? new(WireText.Of(entity), null, null, null) : null;

    /// <inheritdoc/>
    public static object Label(MessageTemplate state) => new { state.Name, state.Channel, state.Language };

    /// <summary>Without its text, which whoever wants it reads.</summary>
    public static object Told(MessageTemplate state) => new
    {
        state.Id, state.BusinessEntity, state.Channel, state.Language, state.Purpose, state.Name, state.IsActive, state.Version,
    };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, MessageTemplate? state) => violation.ConstraintName switch
    {
        "uq_message_template_name" => new Conflict("name_taken", $"Another template of this name, channel and language is called {state?.Name}.", "name"),
        "uq_message_template_purpose" => new Conflict(
            "purpose_taken", "Another template is in use for this purpose, name, channel and language: put that one out of use first.", "purpose"),
        _ => null,
    };
}
