using ChargeCars.Api.Conversations.Messages;
using ChargeCars.Api.Identity;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using TemplateRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Templates.MessageTemplate, ChargeCars.Conversations.Templates.MessageTemplateDetails,
    ChargeCars.Conversations.Templates.MessageTemplateKind, ChargeCars.Api.Conversations.Templates.MessageTemplateAccess>;

namespace ChargeCars.Api.Conversations.Templates;

/// <summary>What a message says, and what is kept of how it was made.</summary>
internal sealed record WrittenContent(MessageContent Content, RawJson? Details = null);

/// <summary>Turns a request that names a template into the message that it stands for.</summary>
internal sealed class TemplateMessages(TemplateRoutes templates, TemplatePreviews previews, TrackingLinks links, IGrainFactory grains)
{
    /// <summary>The content of a message: as it was written, or the template's with every value in place. A value that is missing refuses it.</summary>
    public async Task<Result<WrittenContent>> ContentAsync(
        MessageBody body, CommunicationThread thread, Caller caller, CommandContext context, CancellationToken cancellation)
    {
        if (body.TemplateId is not { } id)
        {
            return new WrittenContent(body.Content());
        }

        var found = await templates.FindAsync(id, caller, cancellation);
        if (!found.Succeeded)
        {
            return Invalid.Field("templateId", $"there is no message template {id}");
        }

        var template = found.Value;
        if (!template.IsActive || template.Channel != thread.Channel || template.BusinessEntity != thread.BusinessEntity)
        {
            return Invalid.Field("templateId", template.IsActive ? "is of another channel or another name than the thread" : "is not in use");
        }

        var about = await previews.OfThreadAsync(thread, body.VisitId, caller, cancellation);
        if (!about.Succeeded)
        {
            return about.Error;
        }

        var rendered = await previews.RenderAsync(template, about.Value, cancellation);
        if (rendered.Refusal(template.Name, "templateId") is { } refusal)
        {
            return refusal;
        }

        var link = TemplateRenderer.ShowsLink(template) && about.Value.VisitId is { } visit ? await OpenAsync(visit, context) : null;
        return link is { Succeeded: false } ? link.Error : new WrittenContent(
            body.Content() with { BodyText = rendered.Body, Subject = rendered.Subject }, TrackingLinks.Note(template.Id, link?.Value?.Id, ProviderTemplate.Of(template, rendered)));
    }

    private async Task<Result<TrackingLink>> OpenAsync(Guid visit, CommandContext context) =>
        await grains.GetGrain<IEntityGrain<Visit>>(visit).GetAsync() is { Succeeded: true } found
            ? await links.OpenAsync(found.Value, context)
            : new NotFound("visit", visit.ToString());
}
