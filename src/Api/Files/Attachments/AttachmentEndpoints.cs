using ChargeCars.Api.Conversations.Messages;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Files.Attachments.Attachment, ChargeCars.Files.Attachments.AttachmentDetails, ChargeCars.Files.Attachments.AttachmentKind, ChargeCars.Api.Files.Attachments.AttachmentAccess>;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>Sending a file in one request, and links to it.</summary>
internal static class AttachmentEndpoints
{
    // The form's own lines beside the file.
    private const int FormBytes = 64 * 1024;

    /// <summary>Adds what the endpoints of files need.</summary>
    public static IServiceCollection AddAttachments(this IServiceCollection services) =>
        services.AddSingleton<AttachmentOwners>().AddSingleton<AttachmentLinks>().AddSingleton<UploadRequests>();

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/", SendAsync).RequirePermission(Permissions.AttachmentsWrite).RepeatsItself().DescribesBody(typeof(SentForm), "multipart/form-data").Produces<AttachmentView>(201)
            .WithName("CreateAttachment").WithSummary("Sends a file for an entity; its checksum is in the answer. Takes an Idempotency-Key.");
        group.MapPost("/{id:guid}/links", LinkAsync).RequirePermission(Permissions.AttachmentsRead).RepeatableWithSecret().Produces<AttachmentLink>(201)
            .WithName("CreateAttachmentLink").WithSummary("An address under which whoever has it reads this file until a time, without credentials.");
    }

    /// <summary>The answer to a file that is larger than one may be.</summary>
    public static IResult TooLarge(long most) => ProblemAnswers.Of(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The file is too large", $"A file may have {most} bytes.", ("mostBytes", most));

    /// <summary>The answer to an Idempotency-Key that another file came with.</summary>
    public static IResult KeyReused() => ProblemAnswers.Of(
        StatusCodes.Status422UnprocessableEntity, "key-reused", "The Idempotency-Key was used for another request", "This key belongs to another file. Use a new key for a new one.");

    private static async Task<IResult> SendAsync(
        HttpContext http, AttachmentOwners owners, AttachmentFiles files, AttachmentReception reception, IdempotencyKeys keys, IOptions<AttachmentOptions> options,
        TimeProvider time)
    {
        var (caller, most) = (Caller.Of(http), options.Value.MostBytes);
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (http.Request.ContentLength > most + FormBytes)
        {
            return TooLarge(most);
        }

        AllowBody(http, most + FormBytes);
        AttachmentForm form;
        try
        {
            form = await AttachmentForm.ReadAsync(http.Request, files, http.RequestAborted);
        }
        catch (FileTooLargeException)
        {
            return TooLarge(most);
        }

        var sent = form.Read();
        if ((sent.Error ?? await RefuseAsync(sent.Value!, owners, caller, http.RequestAborted)) is { } refusal)
        {
            await form.DiscardAsync(files);
            return ProblemAnswers.From(refusal);
        }

        var (id, content) = (CommandRequest.NewId(context.Value, time), form.Content!);
        var request = $"{sent.Value!.EntityType} {sent.Value.EntityId} {sent.Value.IsPublic} {content.Sha256} {sent.Value.FileName}\n{sent.Value.SentAs}";
        // By what was kept of the request and not by the attachment: its name, and whether it is public, may have been changed since.
        if (!await keys.ClaimAsync(http, request))
        {
            await form.DiscardAsync(files);
            return KeyReused();
        }

        var added = await reception.AddAsync(id, sent.Value, content, context.Value with { ExpectedVersion = null });
        if (added.Succeeded && added.Value.StoredName != content.StoredName)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
        }

        return Routes.Answer(http, added, seen => TypedResults.Created($"{AttachmentAccess.Route}/{id}", seen));
    }

    /// <summary>Why a caller may not add this file; null where they may.</summary>
    public static async Task<Error?> RefuseAsync(NewAttachment sent, AttachmentOwners owners, Caller caller, CancellationToken cancellation) =>
        await owners.RefuseAsync(sent.EntityType, sent.EntityId, caller, cancellation) is { } unknown ? unknown
            : AttachmentScope.RefuseWriting(sent.EntityType, caller);

    /// <summary>Lets the request have a body of a file's size; null where its reader sees to that.</summary>
    public static void AllowBody(HttpContext http, long? most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }
    }

    private static async Task<IResult> LinkAsync(
        Guid id, LinkBody body, HttpContext http, Routes routes, AttachmentLinks links, IOptions<MessageProviderOptions> addresses, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        var found = context.Succeeded ? await routes.FindAsync(id, Caller.Of(http), http.RequestAborted) : context.Error;
        var made = found.Succeeded ? links.Make(found.Value, body.ExpiresAt) : found.Error;
        if (!made.Succeeded)
        {
            return ProblemAnswers.From(made.Error);
        }

        await links.RecordAsync(id, made.Value.ExpiresAt, context.Value!);
        http.Response.Headers.CacheControl = "no-store";
        // Never by the request's Host: who sends another one would get a link that leads elsewhere.
        var whole = made.Value with { Url = addresses.Value.PublicAddress.TrimEnd('/') + made.Value.Url };
        return TypedResults.Created(whole.Url, whole);
    }

    /// <summary>What is asked of a link.</summary>
    /// <param name="ExpiresAt">Until when it holds, UTC; required.</param>
    public sealed record LinkBody(DateTimeOffset? ExpiresAt);

    // For the description; it is read past this type.
    private sealed record SentForm(AttachmentOwner EntityType, Guid EntityId, bool? IsPublic, IFormFile File);
}
