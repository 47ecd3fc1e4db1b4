using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Conversations.Channels;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Conversations.Channels;

/// <summary>A caller who may read conversations sees the channels of the business entities that they see. Partners see none.</summary>
internal sealed class CommunicationChannelAccess : IEntityAccess<CommunicationChannel, CommunicationChannelDetails>
{
    public static string Route => "/api/communication-channels";

    public static string Noun => "channel";

    public static string Read => Permissions.ThreadsRead;

    public static string Write => Permissions.BusinessEntitiesManage;

    public static CommunicationChannelDetails Example => new()
    {
        BusinessEntityId = Guid.Parse("01900000-0000-7000-8000-000000000101"), Channel = ChannelType.Email, Name = "Service desk", Address = "service@chargecars.example",
    };

    public static ScopeCondition? Visible(Caller caller) => BusinessEntityScope.OfCompany(caller);

    public static Error? RefuseWriting(Caller caller, CommunicationChannelDetails details, CommunicationChannel? before) =>
        BusinessEntityScope.RefuseLimited(caller, "Channels");

    public static IEnumerable<EntityReference> References(CommunicationChannelDetails details) =>
        [new("businessEntityId", "business_entity", details.BusinessEntityId)];
}
