using System.Globalization;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Files;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Files.Attachments.Attachment, ChargeCars.Files.Attachments.AttachmentDetails, ChargeCars.Files.Attachments.AttachmentKind, ChargeCars.Api.Files.Attachments.AttachmentAccess>;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// The bytes of files, in ranges. Whatever is in one, no browser runs it: it comes as a download unless it is a picture, in a sandbox,
/// and under a type that the browser must not second-guess.
/// </summary>
internal static class AttachmentContent
{
    private const string Why = "A public file is everybody's, and a link is its own credential; every other file asks for attachments.read and the scope of its entity.";
    private static readonly string[] Reads = ["GET", "HEAD"];

    public static void Map(RouteGroupBuilder group)
    {
        foreach (var method in Reads)
        {
            // Each operation has a name of its own.
            var verb = method == "GET" ? "Get" : "Find";
            group.MapMethods("/{id:guid}/content", [method], ContentAsync).OpenToAll(Why).DescribesRefusals(401, 403)
                .TakesQuery(new QueryParameter(AttachmentLinks.Parameter, "what a link that was made for this file carries"))
                .Produces(200, contentType: "application/octet-stream").Produces(206, contentType: "application/octet-stream")
                .WithName($"{verb}AttachmentContent").WithSummary("The file, or a range of it.");
            group.MapMethods("/{id:guid}/thumbnail", [method], ThumbnailAsync).OpenToAll(Why).DescribesRefusals(401, 403)
                .TakesQuery(new QueryParameter(AttachmentLinks.Parameter, "what a link that was made for this file carries"))
                .Produces(200, contentType: "image/jpeg")
                .WithName($"{verb}AttachmentThumbnail").WithSummary("A small picture of a picture; 404 where there is none, or none yet.");
        }
    }

    private static async Task<IResult> ContentAsync(
        Guid id, HttpContext http, Routes routes, IGrainFactory grains, AttachmentLinks links, IFileStore store, IAuthorizationService authorization)
    {
        var found = await FindAsync(id, http, routes, grains, links, authorization);
        if (found.Refusal is { } refusal)
        {
            return refusal;
        }

        var file = found.File!;
        var isShown = FileContent.IsShownByBrowsers(file.MimeType);
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.FileName);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        return await ServeAsync(http, store, new(file.StoredName, file.FileSize, FileContent.ServedAs(file.MimeType), file.Sha256, file.CreatedAt));
    }

    private static async Task<IResult> ThumbnailAsync(
        Guid id, HttpContext http, Routes routes, IGrainFactory grains, AttachmentLinks links, IFileStore store, IAuthorizationService authorization)
    {
        var found = await FindAsync(id, http, routes, grains, links, authorization);
        if (found.Refusal is { } refusal)
        {
            return refusal;
        }

        if (found.File!.ThumbnailName is not { } name || await store.OpenAsync(name, 0, 1, http.RequestAborted) is not { } opened)
        {
            return ProblemAnswers.From(new NotFound("thumbnail of attachment", id.ToString()));
        }

        await using (opened)
        {
        }

        // How large it is only its end tells: it is small, and read whole.
        await using var content = (await store.OpenAsync(name, 0, int.MaxValue, http.RequestAborted))!;
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, http.RequestAborted);
        Guard(http);
        http.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.Bytes(bytes.ToArray(), "image/jpeg");
    }

    // Who shows a link or nothing at all is answered alike for a file that there is and one that there is not.
    private static async Task<(Attachment? File, IResult? Refusal)> FindAsync(
        Guid id, HttpContext http, Routes routes, IGrainFactory grains, AttachmentLinks links, IAuthorizationService authorization)
    {
        if (http.Request.Query.TryGetValue(AttachmentLinks.Parameter, out var link))
        {
            return links.Opens(id, link.ToString()) && await grains.GetGrain<IEntityGrain<Attachment>>(id).GetAsync() is { Succeeded: true } linked
                ? (linked.Value, null)
                : (null, ProblemAnswers.Of(StatusCodes.Status403Forbidden, "link-over", "The link does not hold", "It was made for another file, its time is over, or the file is gone."));
        }

        var caller = http.Features.Get<Caller>();
        var may = caller is not null && (await authorization.AuthorizeAsync(http.User, null, Permissions.AttachmentsRead)).Succeeded;
        if (may && await routes.FindAsync(id, caller!, http.RequestAborted) is { Succeeded: true } seen)
        {
            return (seen.Value, null);
        }

        if (await grains.GetGrain<IEntityGrain<Attachment>>(id).GetAsync() is { Succeeded: true, Value.IsPublic: true } everybodys)
        {
            return (everybodys.Value, null);
        }

        return (null, caller is null ? ProblemAnswers.Unauthorized("Send credentials, or a link that was made for this file.")
            : may ? ProblemAnswers.From(new NotFound(AttachmentKind.Rows.Table, id.ToString()))
            : ProblemAnswers.Forbidden($"This needs the permission {Permissions.AttachmentsRead}.", ("permission", Permissions.AttachmentsRead)));
    }

    private static async Task<IResult> ServeAsync(HttpContext http, IFileStore store, Served file)
    {
        var (response, tag) = (http.Response, new EntityTagHeaderValue($"\"{file.Sha256}\""));
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = file.ModifiedAt;
        response.Headers.AcceptRanges = "bytes";
        // The bytes under an address never change; who may read them does.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Sha256))}:";
        Guard(http);
        if (http.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(one => one == EntityTagHeaderValue.Any || one.Compare(tag, useStrongComparison: false)))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var range = RequestedRange.Of(http.Request, file.Size, tag, file.ModifiedAt);
        if (range.IsUnsatisfiable)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Size}");
            response.Headers.Remove(HeaderNames.ContentDisposition);
            return ProblemAnswers.Of(
                StatusCodes.Status416RangeNotSatisfiable, "range", "The range is outside the file", string.Create(CultureInfo.InvariantCulture, $"The file has {file.Size} bytes."));
        }

        await using var content = await store.OpenAsync(file.StoredName, range.From, range.Length, http.RequestAborted)
            ?? throw new StorageUnavailableException($"The file store lacks {file.StoredName}.");
        response.ContentType = file.Type;
        response.ContentLength = range.Length;
        if (range.IsPartial)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {range.From}-{range.From + range.Length - 1}/{file.Size}");
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await CopyAsync(content, response, range.Length, http.RequestAborted);
        }

        return TypedResults.Empty;
    }

    // Straight into the server's own buffers: as much as it has room for, and no copy beside.
    private static async Task CopyAsync(Stream content, HttpResponse response, long length, CancellationToken cancellation)
    {
        const int Piece = 64 * 1024;
        var (writer, left) = (response.BodyWriter, length);
        while (left > 0)
        {
            var memory = writer.GetMemory((int)Math.Min(Piece, left));
            var read = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, left)], cancellation);
            if (read == 0)
            {
                // Shorter than its row says. The answer is cut off, so that nobody takes it for the whole.
                response.HttpContext.Abort();
                return;
            }

            writer.Advance(read);
            left -= read;
            if ((await writer.FlushAsync(cancellation)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Nothing in the answer can run, be framed, or be taken for another type.</summary>
    private static void Guard(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private sealed record Served(string StoredName, long Size, string Type, string Sha256, DateTimeOffset ModifiedAt);
}
