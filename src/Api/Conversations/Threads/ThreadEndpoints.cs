using ChargeCars.Api.Conversations.Messages;
using ChargeCars.Api.Conversations.Templates;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Threads.CommunicationThread, ChargeCars.Conversations.Threads.CommunicationThreadDetails,
    ChargeCars.Conversations.Threads.ThreadKind, ChargeCars.Api.Conversations.Threads.ThreadAccess>;

namespace ChargeCars.Api.Conversations.Threads;

/// <summary>What is done with threads, beside what every kind has.</summary>
internal static class ThreadEndpoints
{
    public static void Map(RouteGroupBuilder threads)
    {
        Action(threads, "assign", "Gives it to a colleague (contactId), or to nobody.", body => new AssignThread(body.ContactId));
        Action(threads, "snooze", "Puts it away until a time (until).", body => new SnoozeThread(body.Until ?? default));
        Action(threads, "pend", "It waits for the customer; two weeks of silence resolve it.", _ => new PendThread());
        Action(threads, "resolve", "It is done; a message opens it again.", _ => new ResolveThread());
        Action(threads, "reopen", "It is not done.", _ => new ReopenThread());
        Action(threads, "archive", "Closes it for good: a message begins another thread, linked to it.", _ => new ArchiveThread());
        Action(threads, "mute", "Says whether messages leave it as it is (isMuted, true where it is left out).", body => new MuteThread(body.IsMuted ?? true));
        threads.MapPost("/{id:guid}/actions/move", MoveAsync).RequirePermission(Permissions.ThreadsWrite).Repeatable().Produces<CommunicationThread>()
            .WithName("MoveMessage").WithSummary("Moves a message to another thread (messageId, toThreadId, reason?); a mark stays in its place.");
        threads.MapGet("/{id:guid}/messages", MessagesAsync).RequirePermission(Permissions.ThreadsRead).TakesQuery(MessageQueries.List).Produces<Page<MessageView>>()
            .WithName("ListThreadMessages").WithSummary("Its messages in the order in which they are shown, a page at a time.");
        threads.MapPost("/{id:guid}/messages", WriteAsync).RequirePermission(Permissions.ThreadsWrite).Repeatable().Produces<MessageView>(201)
            .WithName("WriteMessage").WithSummary("Writes an answer that leaves in some seconds or at sendAt, a draft (isDraft), or a note (isNote); its text may be a template's (templateId, visitId?).");
        threads.MapGet("/{id:guid}/waiting", WaitingAsync).RequirePermission(Permissions.ThreadsRead).Produces<WaitingView>()
            .WithName("GetThreadWaiting").WithSummary("How long its customer waits and waited, in business minutes.");
        ThreadReaderEndpoints.Map(threads);
        TemplateEndpoints.MapOfThread(threads);
    }

    private static void Action(RouteGroupBuilder threads, string action, string summary, Func<ActionBody, ThreadAction> command) =>
        threads.MapPost($"/{{id:guid}}/actions/{action}", (Guid id, HttpContext http, Routes routes, EntityDirectory directory, ActionBody? body = null) =>
                ActAsync(id, action, body ?? new(), command, http, routes, directory))
            .RequirePermission(Permissions.ThreadsWrite).Repeatable().Produces<CommunicationThread>()
            .WithName($"{char.ToUpperInvariant(action[0])}{action[1..]}Thread").WithSummary(summary);

    private static async Task<IResult> ActAsync(
        Guid id, string action, ActionBody body, Func<ActionBody, ThreadAction> command, HttpContext http, Routes routes, EntityDirectory directory)
    {
        var faults = new FieldFaults()
            .Rule("contactId", body.ContactId is not null && action != "assign", "belongs to the action 'assign' only")
            .Rule("until", body.Until is not null && action != "snooze", "belongs to the action 'snooze' only")
            .Rule("until", body.Until is null && action == "snooze", "is required")
            .Rule("isMuted", body.IsMuted is not null && action != "mute", "belongs to the action 'mute' only");
        return (faults.Invalid ?? await directory.CheckAsync([new("contactId", "contact", body.ContactId)], Caller.Of(http), http.RequestAborted)) is { } refusal
            ? ProblemAnswers.From(refusal)
            : await routes.ExecuteAsync(id, command(body), http);
    }

    private static async Task<IResult> MoveAsync(Guid id, MoveBody body, HttpContext http, Routes routes, MessageQueries messages)
    {
        var (caller, faults) = (Caller.Of(http), new FieldFaults()
            .Required("messageId", body.MessageId).Required("toThreadId", body.ToThreadId).Text("reason", body.Reason, ..500));
        if (faults.Invalid is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        var target = await routes.FindAsync(body.ToThreadId!.Value, caller, http.RequestAborted);
        return !target.Succeeded ? ProblemAnswers.From(Invalid.Field("toThreadId", $"there is no communication thread {body.ToThreadId}"))
            : target.Value.Status == ThreadStatus.Archived ? ProblemAnswers.From(new Conflict("archived", "An archived thread takes no more messages.", "toThreadId"))
            : await messages.FindAsync(body.MessageId!.Value, caller, http.RequestAborted) is not { } message || message.ThreadId != id
                ? ProblemAnswers.From(new NotFound(MessageKind.Rows.Table, body.MessageId.Value.ToString()))
            : await routes.ExecuteAsync(id, new MoveMessage(message.Id, target.Value.Id, body.Reason), http);
    }

    private static async Task<IResult> MessagesAsync(Guid id, HttpContext http, Routes routes, MessageQueries messages)
    {
        var caller = Caller.Of(http);
        var query = MessageQueries.List.Parse(http);
        var thread = query.Succeeded ? await routes.FindAsync(id, caller, http.RequestAborted) : query.Error;
        return thread.Succeeded
            ? TypedResults.Ok(await messages.PageAsync(id, query.Value!, caller, http.RequestAborted))
            : ProblemAnswers.From(thread.Error);
    }

    private static async Task<IResult> WriteAsync(
        Guid id, MessageBody body, HttpContext http, Routes routes, EntityDirectory directory, TemplateMessages templates, MessageQueries messages, IGrainFactory grains,
        TimeProvider time)
    {
        var caller = Caller.Of(http);
        var context = CommandRequest.Context(http, time);
        var faults = new FieldFaults()
            .Rule("isDraft", body is { IsDraft: true, IsNote: true }, "has no place on a note: it never leaves")
            .Rule("sendAt", body.SendAt is not null && (body.IsDraft || body.IsNote), "belongs to what leaves")
            .Rule("templateId", body.TemplateId is not null && body.IsNote, "has no place on a note")
            .Rule("bodyText", body.TemplateId is not null && body.BodyText is not null, "is the template's")
            .Rule("bodyHtml", body.TemplateId is not null && body.BodyHtml is not null, "is the template's")
            .Rule("subject", body.TemplateId is not null && body.Subject is not null, "is the template's")
            .Rule("visitId", body.VisitId is not null && body.TemplateId is null, "belongs to a template")
            .Time("sendAt", body.SendAt)
            .Number("basedOn", body.BasedOn, 0, int.MaxValue);
        var thread = context.Succeeded && faults.Invalid is null ? await routes.FindAsync(id, caller, http.RequestAborted) : context.Error ?? faults.Invalid!;
        if ((thread.Error ?? ThreadAccess.RefuseWriting(caller, thread.Value!, thread.Value)
            ?? await directory.CheckAsync(MessageEndpoints.Mentioned(body.Mentions), caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var message = CommandRequest.NewId(context.Value!, time);
        var dispatch = body.IsDraft || body.IsNote ? null : new MessageDispatch(body.SendAt, body.BasedOn, body.Anyway);
        var content = await templates.ContentAsync(body, thread.Value!, caller, context.Value!, http.RequestAborted);
        if (!content.Succeeded)
        {
            return ProblemAnswers.From(content.Error);
        }

        var written = await grains.GetGrain<IEntityGrain<CommunicationThread>>(id).ExecuteAsync(
            new WriteMessage(
                message, content.Value.Content, body.IsNote, dispatch, caller.Actor.ContactId, caller.Actor.Id, caller.Actor.Name, Details: content.Value.Details), context.Value!);
        return written.Succeeded
            ? await MessageEndpoints.AnswerAsync(http, message, messages, view => TypedResults.Created($"/api/messages/{message}", view))
            : ProblemAnswers.From(written.Error);
    }

    private static async Task<IResult> WaitingAsync(Guid id, HttpContext http, Routes routes, BusinessCalendars calendars, TimeProvider time)
    {
        var found = await routes.FindAsync(id, Caller.Of(http), http.RequestAborted);
        return found.Succeeded
            ? TypedResults.Ok(new WaitingView(
                found.Value.WaitingSince,
                found.Value.WaitingSince is { } since ? calendars.Of(found.Value.BusinessEntity).MinutesBetween(since, time.GetUtcNow()) : null,
                found.Value.FirstReplyAt, found.Value.FirstReplyMinutes))
            : ProblemAnswers.From(found.Error);
    }

    /// <summary>The body of an action; all of it optional but for what the action demands.</summary>
    /// <param name="ContactId">The colleague whom it is given to; nobody where it is left out.</param>
    /// <param name="Until">When it comes back, UTC; within a year.</param>
    /// <param name="IsMuted">Whether messages leave it as it is.</param>
    public sealed record ActionBody(Guid? ContactId = null, DateTimeOffset? Until = null, bool? IsMuted = null);

    /// <summary>What is moved where.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="ToThreadId">The thread that it goes to.</param>
    /// <param name="Reason">Why.</param>
    public sealed record MoveBody(Guid? MessageId, Guid? ToThreadId, string? Reason = null);

    /// <summary>How long a customer waits and waited.</summary>
    /// <param name="WaitingSince">Since when, UTC; null where nobody waits.</param>
    /// <param name="WaitingMinutes">In business minutes.</param>
    /// <param name="FirstReplyAt">When a person of ours answered first, UTC.</param>
    /// <param name="FirstReplyMinutes">How long the customer waited for that, in business minutes.</param>
    public sealed record WaitingView(DateTimeOffset? WaitingSince, int? WaitingMinutes, DateTimeOffset? FirstReplyAt, int? FirstReplyMinutes);
}
