using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TemplateRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Templates.MessageTemplate, ChargeCars.Conversations.Templates.MessageTemplateDetails,
    ChargeCars.Conversations.Templates.MessageTemplateKind, ChargeCars.Api.Conversations.Templates.MessageTemplateAccess>;
using ThreadRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Threads.CommunicationThread, ChargeCars.Conversations.Threads.CommunicationThreadDetails,
    ChargeCars.Conversations.Threads.ThreadKind, ChargeCars.Api.Conversations.Threads.ThreadAccess>;

namespace ChargeCars.Api.Conversations.Templates;

/// <summary>What is done with templates, beside what every kind has. Nothing is sent here.</summary>
internal static class TemplateEndpoints
{
    public static void Map(RouteGroupBuilder templates) =>
        templates.MapPost("/{id:guid}/preview", PreviewAsync).RequirePermission(Permissions.ThreadsRead).RequirePermission(Permissions.OrdersRead)
            .Produces<TemplateView>()
            .WithName("PreviewMessageTemplate").WithSummary("The text as it would be for an order or a visit, and what is missing of it; nothing is sent.");

    /// <summary>Maps what a thread shows of templates.</summary>
    public static void MapOfThread(RouteGroupBuilder threads) =>
        threads.MapGet("/{id:guid}/templates", OfThreadAsync).RequirePermission(Permissions.ThreadsRead).RequirePermission(Permissions.OrdersRead)
            .Produces<TemplateView[]>()
            .WithName("ListThreadTemplates").WithSummary("The templates of its name and channel, each with the values of its order and next visit.");

    private static async Task<IResult> PreviewAsync(Guid id, PreviewBody body, HttpContext http, TemplateRoutes templates, TemplatePreviews previews)
    {
        var caller = Caller.Of(http);
        var template = await templates.FindAsync(id, caller, http.RequestAborted);
        var fault = new FieldFaults().Rule("orderId", body is { OrderId: null, VisitId: null }, "is required, or visitId").Invalid;
        if ((template.Error ?? fault) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var about = await previews.OfAsync(body.OrderId, body.VisitId, template.Value!.BusinessEntity, caller, http.RequestAborted);
        return about.Succeeded
            ? TypedResults.Ok(await previews.ViewAsync(template.Value, about.Value, http.RequestAborted))
            : ProblemAnswers.From(about.Error);
    }

    private static async Task<IResult> OfThreadAsync(Guid id, HttpContext http, ThreadRoutes threads, TemplatePreviews previews)
    {
        var caller = Caller.Of(http);
        var thread = await threads.FindAsync(id, caller, http.RequestAborted);
        // A partner reads what was said, and not what could be.
        if ((thread.Error ?? ConversationScope.RefuseWriting(caller)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var fitting = await previews.FittingAsync(thread.Value!, http.RequestAborted);
        var about = fitting.Count == 0 ? new TemplateSubject(null) : await previews.OfThreadAsync(thread.Value!, null, caller, http.RequestAborted);
        if (!about.Succeeded)
        {
            return ProblemAnswers.From(about.Error);
        }

        var views = new List<TemplateView>();
        foreach (var template in fitting)
        {
            views.Add(await previews.ViewAsync(template, about.Value, http.RequestAborted));
        }

        return TypedResults.Ok(views);
    }

    /// <summary>What a preview is for.</summary>
    /// <param name="OrderId">The order; the visit's where it is left out.</param>
    /// <param name="VisitId">The visit.</param>
    public sealed record PreviewBody(Guid? OrderId = null, Guid? VisitId = null);
}
