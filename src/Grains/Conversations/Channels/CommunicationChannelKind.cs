using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations;
using ChargeCars.Relations.PhoneNumbers;
using Npgsql;

namespace ChargeCars.Conversations.Channels;

/// <summary>Channels.</summary>
public sealed class CommunicationChannelKind : IEntityKind<CommunicationChannel, CommunicationChannelDetails>
{
    /// <inheritdoc/>
    public static RowMapping<CommunicationChannel> Rows { get; } = new("communication_channel");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["businessEntityId"] = ListFilter.Uuid("business_entity_id"),
            ["channel"] = ListFilter.Word<ChannelType>("channel"),
            ["address"] = ListFilter.Text("address"),
            ["isActive"] = ListFilter.Boolean("is_active"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(CommunicationChannelDetails details, DateTimeOffset now)
    {
        var (address, faults) = (PlainText.TidyOrNull(details.Address), new FieldFaults()
            .Required("businessEntityId", details.BusinessEntityId)
            .OneOf("channel", details.Channel)
            .Text("name", details.Name, 1..100)
            .Object("settings", details.Settings));
        return (details.Channel switch
        {
            ChannelType.Email => faults.Required("address", address).Satisfies("address", address, EmailAddress.Fault),
            // A sender of text messages may be a word; WhatsApp's account has an id of its own.
            ChannelType.Sms or ChannelType.Whatsapp => faults.Text("address", details.Address, 1..60),
            ChannelType.Portal or ChannelType.Internal => faults.Rule("address", address is not null, "belongs to email, sms and whatsapp only"),
            _ => faults,
        }).Invalid;
    }

    /// <inheritdoc/>
    public static CommunicationChannelDetails Normalized(CommunicationChannelDetails details) => details with
    {
        Name = PlainText.Tidy(details.Name),
        Address = PlainText.TidyOrNull(details.Address) is not { } address ? null
            : details.Channel == ChannelType.Email ? EmailAddress.Normalized(address)
            : PhoneNumberRules.Read(address).E164 ?? address,
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(CommunicationChannel state) => null;

    /// <inheritdoc/>
    public static object Label(CommunicationChannel state) => new { state.Channel, state.Name };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, CommunicationChannel? state) => violation.ConstraintName == "uq_communication_channel_address"
        ? new Conflict("address_taken", $"Another channel speaks as {state?.Address}.", "address")
        : null;
}
