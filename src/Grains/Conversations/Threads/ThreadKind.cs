using ChargeCars.Conversations.Channels;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations;

namespace ChargeCars.Conversations.Threads;

/// <summary>Threads. Their messages change with them, and are read apart, as there may be many.</summary>
public sealed class ThreadKind : IEntityKind<CommunicationThread, CommunicationThreadDetails>
{
    /// <inheritdoc/>
    public static RowMapping<CommunicationThread> Rows { get; } = new("communication_thread");

    /// <inheritdoc/>
    public static string ChangePrefix => "thread";

    /// <summary>By its subject and by where its answers go. Its messages are found by themselves, as not everybody sees all of them.</summary>
    public static Func<CommunicationThread, SearchText> Findable { get; } = static thread => new(thread.Subject ?? thread.CustomerAddress ?? "")
    {
        Subtitle = thread.Subject is null ? null : thread.CustomerAddress,
        Emails = [thread.Channel == ChannelType.Email ? thread.CustomerAddress : null],
        Phones = [thread.Channel is ChannelType.Sms or ChannelType.Whatsapp ? thread.CustomerAddress : null],
    };

    /// <inheritdoc/>
    public static IReadOnlyList<FoundThrough> FoundThrough { get; } = [new("contact", "customer_contact_id")];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["status"] = ListFilter.Word<ThreadStatus>("status"),
            ["channel"] = ListFilter.Word<ChannelType>("channel"),
            ["priority"] = ListFilter.Word<ThreadPriority>("priority"),
            ["assignedToContactId"] = ListFilter.Uuid("assigned_to_contact_id"),
            ["assigned"] = Truth("assigned_to_contact_id IS NOT NULL"),
            ["waiting"] = Truth("waiting_since IS NOT NULL"),
            ["entityType"] = ListFilter.Word<ThreadEntityType>("entity_type"),
            ["entityId"] = ListFilter.Uuid("entity_id"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["channelAccountId"] = ListFilter.Uuid("channel_account_id"),
            ["customerContactId"] = ListFilter.Uuid("customer_contact_id"),
            ["from"] = ListFilter.Since("created_at"),
            ["to"] = ListFilter.Until("created_at"),
        },
        new Dictionary<string, ListSort>
        {
            ["createdAt"] = new("created_at", "timestamptz"),
            // It moves when a message comes, to where a page that is read on has been or is still to go: none is lost to who begins anew.
            ["lastMessageAt"] = new("coalesce(last_message_at, created_at)", "timestamptz"),
        },
        "-createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(CommunicationThreadDetails details, DateTimeOffset now)
    {
        var (address, faults) = (PlainText.TidyOrNull(details.CustomerAddress), new FieldFaults()
            .OneOf("entityType", details.EntityType)
            .OneOf("channel", details.Channel)
            .OneOf("businessEntity", details.BusinessEntity)
            .Text("subject", details.Subject, ..500)
            .Text("customerAddress", details.CustomerAddress, ..320)
            .Rule("entityId", details is { EntityType: ThreadEntityType.Order or ThreadEntityType.Quote, EntityId: null }, "is required for an order or a quote")
            .Rule("entityId", details is { EntityType: ThreadEntityType.SupportTicket, EntityId: not null }, "belongs to an order or a quote"));
        return (details.Channel switch
        {
            ChannelType.Email => faults.Satisfies("customerAddress", address, EmailAddress.Fault),
            ChannelType.Internal => faults.Rule("customerAddress", address is not null, "has no place among colleagues")
                .Rule("channelAccountId", details.ChannelAccountId is not null, "has no place among colleagues"),
            _ => faults,
        }).Invalid;
    }

    /// <inheritdoc/>
    public static CommunicationThreadDetails Normalized(CommunicationThreadDetails details) => details with
    {
        Subject = PlainText.TidyOrNull(details.Subject),
        CustomerAddress = PlainText.TidyOrNull(details.CustomerAddress) is not { } address ? null
            : details.Channel == ChannelType.Email ? EmailAddress.Normalized(address).ToLowerInvariant()
            : details.Channel is ChannelType.Sms or ChannelType.Whatsapp ? Relations.PhoneNumbers.PhoneNumberRules.Read(address).E164 ?? address
            : address,
    };

    /// <inheritdoc/>
    public static Result<Outcome<CommunicationThread>> Created(CommunicationThread made, DateTimeOffset now) => Outcome.Of(made, "created") with
    {
        Moved = new(null, WireText.Of(made.Status)),
    };

    /// <inheritdoc/>
    public static Result<Outcome<CommunicationThread>> Revised(CommunicationThread before, CommunicationThread after, DateTimeOffset now)
    {
        const string Fixed = "can't be changed once the thread is made: begin another, and move its messages";
        var fault = new FieldFaults()
            .Rule("channel", before.Channel != after.Channel, Fixed)
            .Rule("businessEntity", before.BusinessEntity is not null && before.BusinessEntity != after.BusinessEntity, Fixed)
            .Rule("channelAccountId", before.ChannelAccountId is not null && before.ChannelAccountId != after.ChannelAccountId, Fixed).Invalid;
        return fault is not null ? fault : Outcome.Of(after, "updated");
    }

    /// <inheritdoc/>
    public static Error? RefuseDeletion(CommunicationThread state, DateTimeOffset now) => new Conflict("thread_kept", "A thread is never deleted: archive it.");

    /// <inheritdoc/>
    public static Result<Outcome<CommunicationThread>> Decide(CommunicationThread state, EntityCommand<CommunicationThread> command, DateTimeOffset now) =>
        command is ThreadAction action
            ? ThreadOutcomes.Act(state, action, now)
            : throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a thread.");

    /// <inheritdoc/>
    public static ActionOption[] Options(CommunicationThread state, DateTimeOffset now) => ThreadTransitions.Options(state.Status);

    /// <inheritdoc/>
    public static StatusAssignment AssignmentOf(CommunicationThread state) => new(state.AssignedToContactId, null);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(CommunicationThread state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(CommunicationThread state) => new { state.Subject, state.Channel };

    /// <summary>Without the customer's address.</summary>
    public static object Told(CommunicationThread state) => new
    {
        state.Id, state.EntityType, state.EntityId, state.Channel, state.Subject, state.Status, state.Priority, state.BusinessEntity, state.ChannelAccountId,
        state.CustomerContactId, state.AssignedToContactId, state.MessageCount, state.LastMessageAt, state.WaitingSince, state.SnoozedUntil, state.IsMuted,
        state.Flags, state.Version,
    };

    private static ListFilter Truth(string condition) => new($"({condition}) = $", ListFilter.Boolean("x").Parse, "true or false");
}
