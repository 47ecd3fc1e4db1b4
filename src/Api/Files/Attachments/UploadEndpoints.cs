using System.Globalization;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// Files in pieces, by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload): core, creation, expiration and termination.
/// An upload that is all there is the attachment of the same id.
/// </summary>
internal static class UploadEndpoints
{
    private const string OffsetType = "application/offset+octet-stream";

    private static readonly DescribedHeader[] Where =
    [
        new("Upload-Offset", "how many bytes are there", IsAnswers: true), new("Upload-Length", "how many bytes the file has", IsAnswers: true),
        new("Upload-Expires", "when it is forgotten unless more comes", IsAnswers: true),
    ];

    public static void Map(RouteGroupBuilder group)
    {
        var uploads = group.MapGroup("/uploads").RequirePermission(Permissions.AttachmentsWrite).AddEndpointFilter(SpeakTusAsync).DescribesRefusals(412)
            .DescribesHeaders(
                new("Tus-Resumable", $"the version of the protocol, {Tus.Version}; all but OPTIONS need it"),
                new("Tus-Resumable", "the version of the protocol", IsAnswers: true));
        uploads.MapMethods("/", ["OPTIONS"], Options).Produces(204)
            .DescribesHeaders(
                new("Tus-Version", "the versions that are spoken", IsAnswers: true), new("Tus-Extension", "the extensions", IsAnswers: true),
                new("Tus-Max-Size", "the most bytes of a file", IsAnswers: true))
            .WithName("DescribeUploads").WithSummary("What of the tus protocol is spoken, and how large a file may be.");
        uploads.MapPost("/", CreateAsync).RepeatsItself().Produces(201).DescribesRefusals(413).DescribesHeaders(Where)
            .DescribesHeaders(
                new("Upload-Length", "how many bytes the file has", IsRequired: true),
                new("Upload-Metadata", "entityType, entityId, filename and isPublic, each with its value in base64, separated by commas", IsRequired: true))
            .WithName("CreateUpload").WithSummary("Begins an upload (Upload-Length; Upload-Metadata with entityType, entityId, filename, isPublic).");
        uploads.MapMethods("/{id:guid}", ["HEAD"], WhereAsync).Produces(200).DescribesHeaders(Where)
            .WithName("FindUpload").WithSummary("How much of it is there.");
        uploads.MapPatch("/{id:guid}", TakeAsync).Produces(204).DescribesBody(typeof(Stream), OffsetType).DescribesHeaders(Where)
            .DescribesHeaders(new DescribedHeader("Upload-Offset", "where in the file the body begins: how much of it is there; 409 says so where that is another", IsRequired: true))
            .WithName("ContinueUpload").WithSummary("Sends what follows (Upload-Offset). What is all there is the attachment of the same id.");
        uploads.MapDelete("/{id:guid}", EndAsync).Produces(204)
            .WithName("EndUpload").WithSummary("Gives an upload up that is not complete.");
    }

    private static async ValueTask<object?> SpeakTusAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (request, headers) = (context.HttpContext.Request, context.HttpContext.Response.Headers);
        headers["Tus-Resumable"] = Tus.Version;
        if (HttpMethods.IsOptions(request.Method) || request.Headers["Tus-Resumable"] == Tus.Version)
        {
            return await next(context);
        }

        headers["Tus-Version"] = Tus.Version;
        return ProblemAnswers.Of(StatusCodes.Status412PreconditionFailed, "tus-version", "Another version of the protocol", $"Send Tus-Resumable: {Tus.Version}.");
    }

    private static NoContent Options(HttpContext http, IOptions<AttachmentOptions> options)
    {
        var headers = http.Response.Headers;
        headers["Tus-Version"] = Tus.Version;
        headers["Tus-Extension"] = "creation,expiration,termination";
        headers["Tus-Max-Size"] = Tus.Number(options.Value.MostBytes);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> CreateAsync(HttpContext http, AttachmentOwners owners, UploadRequests requests, IOptions<AttachmentOptions> options, TimeProvider time)
    {
        var (caller, most) = (Caller.Of(http), options.Value.MostBytes);
        var context = CommandRequest.Context(http, time);
        var asked = context.Succeeded ? Tus.ReadCreation(http.Request.Headers) : context.Error;
        if (asked.Succeeded && asked.Value.Length > most)
        {
            return AttachmentEndpoints.TooLarge(most);
        }

        if ((asked.Error ?? await AttachmentEndpoints.RefuseAsync(asked.Value!.File, owners, caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var made = await requests.MakeAsync(CommandRequest.NewId(context.Value!, time), asked.Value!, caller, http.RequestAborted);
        if (!made.Succeeded)
        {
            return ProblemAnswers.From(made.Error);
        }

        if (new Tus.Creation(new(made.Value.EntityType, made.Value.EntityId, made.Value.FileName, made.Value.SentAs, made.Value.IsPublic), made.Value.Length) != asked.Value)
        {
            return AttachmentEndpoints.KeyReused();
        }

        Tus.Tell(http.Response.Headers, made.Value);
        return TypedResults.Created($"{AttachmentAccess.Route}/uploads/{made.Value.Id}");
    }

    private static async Task<IResult> WhereAsync(Guid id, HttpContext http, UploadRequests requests)
    {
        var found = await requests.FindAsync(id, Caller.Of(http), http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        http.Response.Headers.CacheControl = "no-store";
        // A client takes an upload for done whose bytes are all there: so it has to be.
        if (await requests.CompleteAsync(found.Value, http) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        Tus.Tell(http.Response.Headers, found.Value);
        return TypedResults.Ok();
    }

    private static async Task<IResult> TakeAsync(Guid id, HttpContext http, UploadRequests requests, IOptions<AttachmentOptions> options)
    {
        if (http.Request.ContentType != OffsetType)
        {
            return ProblemAnswers.Of(StatusCodes.Status415UnsupportedMediaType, "media-type", "The content type is not known here", $"Send {OffsetType}.");
        }

        if (Tus.ReadNumber(http.Request.Headers["Upload-Offset"]) is not { } offset)
        {
            return ProblemAnswers.From(Invalid.Field("Upload-Offset", "must be a whole number"));
        }

        var found = await requests.FindAsync(id, Caller.Of(http), http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        var upload = found.Value;
        Tus.Tell(http.Response.Headers, upload);
        if (offset != upload.Received)
        {
            return ProblemAnswers.From(new Conflict(
                "upload_moved", string.Create(CultureInfo.InvariantCulture, $"The upload is at {upload.Received} and not at {offset}: go on from there."), "Upload-Offset"));
        }

        var missing = upload.Length - upload.Received;
        if (http.Request.ContentLength > missing)
        {
            return TooLong(missing);
        }

        // What is read is bounded by what is missing. The server would count the frames of a chunked body too.
        AttachmentEndpoints.AllowBody(http, null);
        Result<AttachmentUpload> taken;
        try
        {
            taken = await requests.TakeAsync(upload, http.Request.Body);
        }
        catch (FileTooLargeException)
        {
            await TellAsync(id, http, requests);
            return TooLong(missing);
        }

        if (!taken.Succeeded)
        {
            await TellAsync(id, http, requests);
            return ProblemAnswers.From(taken.Error);
        }

        Tus.Tell(http.Response.Headers, taken.Value);
        return await requests.CompleteAsync(taken.Value, http) is { } refusal ? ProblemAnswers.From(refusal) : TypedResults.NoContent();
    }

    // Where it is by now: further than it was before, as somebody has gone on.
    private static async Task TellAsync(Guid id, HttpContext http, UploadRequests requests)
    {
        if (await requests.FindAsync(id, Caller.Of(http), http.RequestAborted) is { Succeeded: true } now)
        {
            Tus.Tell(http.Response.Headers, now.Value);
        }
    }

    private static IResult TooLong(long missing) => ProblemAnswers.Of(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large", string.Create(CultureInfo.InvariantCulture, $"{missing} bytes are missing, and no more."));

    private static async Task<IResult> EndAsync(Guid id, HttpContext http, UploadRequests requests)
    {
        var found = await requests.FindAsync(id, Caller.Of(http), http.RequestAborted);
        var ended = found.Succeeded ? await requests.EndAsync(found.Value, http.RequestAborted) : found.Error;
        return ended is null ? TypedResults.NoContent() : ProblemAnswers.From(ended);
    }
}
