using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Conversations.Threads;

/// <summary>Threads, within <see cref="ConversationScope"/>.</summary>
internal sealed class ThreadAccess : IEntityAccess<CommunicationThread, CommunicationThreadDetails>
{
    public static string Route => "/api/threads";

    public static string Noun => "thread";

    public static string Read => Permissions.ThreadsRead;

    public static string Write => Permissions.ThreadsWrite;

    public static bool IsDeletable => false;

    public static bool HasTransitions => true;

    public static CommunicationThreadDetails Example => new()
    {
        EntityType = ThreadEntityType.SupportTicket, Channel = ChannelType.Email, Subject = "Laadpaal geeft storing", BusinessEntity = BusinessEntity.Chargecars,
        CustomerAddress = "klant@example.nl",
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(ConversationScope.Threads(text, caller));
    }

    public static Error? RefuseWriting(Caller caller, CommunicationThreadDetails details, CommunicationThread? before) =>
        ConversationScope.RefuseWriting(caller) ?? BusinessEntityScope.Refuse(caller, details.BusinessEntity);

    public static IEnumerable<EntityReference> References(CommunicationThreadDetails details) =>
    [
        new("channelAccountId", "communication_channel", details.ChannelAccountId),
        new("customerContactId", "contact", details.CustomerContactId),
        new("entityId", details.EntityType == ThreadEntityType.Quote ? "quote" : "order", details.EntityId),
    ];

    /// <summary>Who answers is our own affair.</summary>
    public static object Seen(CommunicationThread state, Caller caller, DateTimeOffset now) => caller.PartnerOrganizationId is null ? state : state with
    {
        AssignedToContactId = null, LastReplyBy = null, QueuedReplies = [], SnoozedUntil = null, Flags = [], LinkedThreadId = null,
    };

    public static void MapMore(RouteGroupBuilder group) => ThreadEndpoints.Map(group);
}
