using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Templates;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Conversations.Templates;

/// <summary>Whoever reads conversations sees the templates of their business entities; who keeps the channels keeps them. Partners see none.</summary>
internal sealed class MessageTemplateAccess : IEntityAccess<MessageTemplate, MessageTemplateDetails>
{
    public static string Route => "/api/message-templates";

    public static string Noun => "message template";

    public static string Read => Permissions.ThreadsRead;

    public static string Write => Permissions.BusinessEntitiesManage;

    public static MessageTemplateDetails Example => new()
    {
        BusinessEntity = BusinessEntity.Chargecars, Channel = ChannelType.Sms, Language = TemplateLanguage.Nl, Name = "Afspraak",
        Body = "Beste {{ customer.first_name }}, uw afspraak is op {{ visit.date }} om {{ visit.start }}. {{ company.name }}",
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.PartnerOrganizationId is null ? null : "false", text.OfBusinessEntities(caller));
    }

    public static Error? RefuseWriting(Caller caller, MessageTemplateDetails details, MessageTemplate? before) =>
        ConversationScope.RefuseWriting(caller) ?? BusinessEntityScope.Refuse(caller, details.BusinessEntity);

    public static void MapMore(RouteGroupBuilder group) => TemplateEndpoints.Map(group);
}
