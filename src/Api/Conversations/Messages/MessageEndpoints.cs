using ChargeCars.Api.Conversations.Templates;
using ChargeCars.Api.Conversations.Tracking;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary><c>/api/messages</c>.</summary>
public static class MessageEndpoints
{
    /// <summary>Adds what they need.</summary>
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MessageProviderOptions>, MessageProviderOptions.Validator>();
        services.AddOptions<MessageProviderOptions>().BindConfiguration(MessageProviderOptions.Section).ValidateOnStart();
        return services.AddSingleton<MessageQueries>().AddSingleton<Threads.ThreadReaders>()
            .AddSingleton<TemplatePreviews>().AddSingleton<TemplateMessages>().AddSingleton<TrackReader>().AddSingleton<TrackAnswers>();
    }

    /// <summary>Maps them.</summary>
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/messages").WithTags("Messages");
        messages.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.ThreadsRead).Produces<MessageView>()
            .WithName("GetMessage").WithSummary("One message.");
        messages.MapPut("/{id:guid}", EditAsync).RequirePermission(Permissions.ThreadsWrite).Produces<MessageView>()
            .WithName("EditDraft").WithSummary("Says a draft of one's own anew.");
        messages.MapDelete("/{id:guid}", DiscardAsync).RequirePermission(Permissions.ThreadsWrite).Produces(204)
            .WithName("DiscardDraft").WithSummary("Throws a draft of one's own away.");
        messages.MapPost("/{id:guid}/actions/send", SendAsync).RequirePermission(Permissions.ThreadsWrite).Repeatable().Produces<MessageView>()
            .WithName("SendMessage").WithSummary("Sends a draft: in some seconds, or at sendAt.");
        Action(messages, "cancel", "Takes a message back that has not left; it is a draft again.", id => new CancelMessage(id));
        Action(messages, "retry", "Sends a failed message again, or one of which nobody knows whether it left.", id => new RetryMessage(id));
        Action(messages, "confirm", "Says of a message whose outcome is unknown that it was sent.", id => new ConfirmMessage(id));
        messages.MapGet("/{id:guid}/raw", RawAsync).RequirePermission(Permissions.ThreadsRead).Produces(200)
            .WithName("GetRawMessage").WithSummary("The message as it was received.");
        messages.MapGet("/{id:guid}/attachments/{number:int}", AttachmentAsync).RequirePermission(Permissions.ThreadsRead).Produces(200)
            .WithName("GetMessageAttachment").WithSummary("What came with a message, by its place among its attachments, from 0.");
        InboundEndpoints.Map(messages);
        ProviderEndpoints.Map(messages);
        TrackEndpoints.Map(routes);
        PortalEndpoints.Map(messages);
    }

    /// <summary>The colleagues whom a message mentions, as references.</summary>
    internal static IEnumerable<EntityReference> Mentioned(IReadOnlyList<Guid>? contacts) =>
        (contacts ?? []).Take(100).Select((contact, index) => new EntityReference($"mentions[{index}]", "contact", contact));

    /// <summary>The message as it is now.</summary>
    internal static async Task<IResult> AnswerAsync(HttpContext http, Guid id, MessageQueries messages, Func<MessageView, IResult> success)
    {
        var caller = Caller.Of(http);
        if (await messages.FindAsync(id, caller, http.RequestAborted) is not { } message)
        {
            return ProblemAnswers.From(Missing(id));
        }

        http.SetVersion(message.Version);
        return success(MessageView.Of(message, caller));
    }

    private static void Action(RouteGroupBuilder messages, string action, string summary, Func<Guid, MessageCommand> command) =>
        messages.MapPost($"/{{id:guid}}/actions/{action}", (Guid id, HttpContext http, MessageQueries queries, IGrainFactory grains, TimeProvider time) =>
                ExecuteAsync(id, command(id), http, queries, grains, time, TypedResults.Ok))
            .RequirePermission(Permissions.ThreadsWrite).Repeatable().Produces<MessageView>()
            .WithName($"{char.ToUpperInvariant(action[0])}{action[1..]}Message").WithSummary(summary);

    private static Task<IResult> GetAsync(Guid id, HttpContext http, MessageQueries messages) => AnswerAsync(http, id, messages, TypedResults.Ok);

    private static async Task<IResult> EditAsync(
        Guid id, DraftBody body, HttpContext http, MessageQueries messages, EntityDirectory directory, IGrainFactory grains, TimeProvider time) =>
        await directory.CheckAsync(Mentioned(body.Mentions), Caller.Of(http), http.RequestAborted) is { } unknown
            ? ProblemAnswers.From(unknown)
            : await ExecuteAsync(id, new EditDraft(id, body.Content()), http, messages, grains, time, TypedResults.Ok);

    private static async Task<IResult> DiscardAsync(Guid id, HttpContext http, MessageQueries messages, IGrainFactory grains, TimeProvider time)
    {
        var found = await WritableAsync(id, http, messages);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var context = CommandRequest.Context(http, time);
        var discarded = context.Succeeded
            ? await grains.GetGrain<IEntityGrain<CommunicationThread>>(found.Value.ThreadId).ExecuteAsync(new DiscardDraft(id), context.Value)
            : context.Error;
        return discarded.Succeeded ? TypedResults.NoContent() : ProblemAnswers.From(discarded.Error);
    }

    private static Task<IResult> SendAsync(Guid id, HttpContext http, MessageQueries messages, IGrainFactory grains, TimeProvider time, SendBody? body = null) =>
        new FieldFaults().Time("sendAt", body?.SendAt).Number("basedOn", body?.BasedOn, 0, int.MaxValue).Invalid is { } fault
            ? Task.FromResult(ProblemAnswers.From(fault))
            : ExecuteAsync(
                id, new QueueMessage(id, new(body?.SendAt, body?.BasedOn, body?.Anyway ?? false)), http, messages, grains, time, TypedResults.Ok);

    private static async Task<IResult> ExecuteAsync(
        Guid id, MessageCommand command, HttpContext http, MessageQueries messages, IGrainFactory grains, TimeProvider time, Func<MessageView, IResult> success)
    {
        var context = CommandRequest.Context(http, time);
        var found = context.Succeeded ? await WritableAsync(id, http, messages) : context.Error;
        var executed = found.Succeeded
            ? await grains.GetGrain<IEntityGrain<CommunicationThread>>(found.Value.ThreadId).ExecuteAsync(command, context.Value!)
            : found.Error;
        return executed.Succeeded ? await AnswerAsync(http, id, messages, success) : ProblemAnswers.From(executed.Error);
    }

    private static async Task<Result<CommunicationMessage>> WritableAsync(Guid id, HttpContext http, MessageQueries messages)
    {
        var caller = Caller.Of(http);
        return await messages.FindAsync(id, caller, http.RequestAborted) is not { } message ? Missing(id)
            : ConversationScope.RefuseWriting(caller) is { } refusal ? refusal
            : message;
    }

    private static async Task<IResult> RawAsync(Guid id, HttpContext http, MessageQueries messages, InboundStore store)
    {
        var message = await messages.FindAsync(id, Caller.Of(http), http.RequestAborted);
        return message?.RawId is { } rawId && await store.FindAsync(rawId, http.RequestAborted) is { } raw
            ? Download(http, raw.Body, raw.Provider is null ? "message/rfc822" : "application/octet-stream", $"{id:n}{(raw.Provider is null ? ".eml" : ".bin")}")
            : ProblemAnswers.From(Missing(id));
    }

    private static async Task<IResult> AttachmentAsync(
        Guid id, int number, HttpContext http, MessageQueries messages, InboundStore store, IFileStore files, IGrainFactory grains)
    {
        var message = await messages.FindAsync(id, Caller.Of(http), http.RequestAborted);
        if (number >= 0 && message?.Attachments.ElementAtOrDefault(number) is { State: not null } media)
        {
            return await MediaAsync(id, media, http, files, grains);
        }

        if (message?.RawId is not { } rawId || number < 0 || number >= message.Attachments.Count || await store.FindAsync(rawId, http.RequestAborted) is not { } raw)
        {
            return ProblemAnswers.From(Missing(id));
        }

        // Read out of what was received: nothing is kept twice.
        var mail = await MailIntake.ReadAsync(raw, http.RequestAborted);
        return mail.Succeeded && number < mail.Value.Attachments.Count
            ? Download(http, mail.Value.Attachments[number].Content, Shown(message.Attachments[number].MimeType), message.Attachments[number].FileName)
            : ProblemAnswers.From(Missing(id));
    }

    // What a provider handed over later is in the store.
    private static async Task<IResult> MediaAsync(Guid id, MessageAttachment media, HttpContext http, IFileStore files, IGrainFactory grains)
    {
        if (media.FileId is not { } file || await grains.GetGrain<IEntityGrain<Attachment>>(file).GetAsync() is not { Succeeded: true, Value: { } kept })
        {
            return ProblemAnswers.From(Missing(id));
        }

        var content = kept.FileSize == 0 ? Stream.Null : await files.OpenAsync(kept.StoredName, 0, kept.FileSize, http.RequestAborted);
        if (content is null)
        {
            return ProblemAnswers.From(Missing(id));
        }

        Guard(http);
        return TypedResults.Stream(content, Shown(kept.MimeType), kept.FileName);
    }

    // Pictures that a browser draws without running anything are shown where the mail's HTML wants them; all else is a file.
    private static string Shown(string mimeType) =>
        mimeType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" ? mimeType : "application/octet-stream";

    private static FileContentHttpResult Download(HttpContext http, ReadOnlyMemory<byte> content, string mimeType, string fileName)
    {
        Guard(http);
        return TypedResults.File(content.ToArray(), mimeType, fileName);
    }

    private static void Guard(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        http.Response.Headers.CacheControl = "private, no-store";
    }

    private static NotFound Missing(Guid id) => new(MessageKind.Rows.Table, id.ToString());
}
