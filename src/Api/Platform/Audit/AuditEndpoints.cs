using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.Audit;

/// <summary>The audit over HTTP: it is read, never written.</summary>
public static class AuditEndpoints
{
    /// <summary>Maps <c>/api/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", List).RequirePermission(Permissions.AuditRead).TakesQuery(AuditList.Definition).Produces<Page<AuditItem>>()
            .WithTags("Audit").WithName("ListAudit").WithSummary("Who changed what, the newest first.")
            .WithDescription("Filters: tableName, recordId, changedBy (the id of a contact, user account or API key, or a name), action, from, to. Without recordId or from: the last 24 hours before to.");
        routes.MapGet("/api/audit/export", Export).RequirePermission(Permissions.AuditRead)
            .TakesFilters(AuditList.Definition).TakesQuery(new QueryParameter("format", "ndjson (default) or csv")).Produces(200, contentType: "application/x-ndjson")
            .WithTags("Audit").WithName("ExportAudit").WithSummary("The same as a file, whole: format is ndjson (default) or csv.");
    }

    private static async Task<IResult> List(HttpContext http, AuditList audit, TimeProvider time)
    {
        if (Closed(http) is { } refusal)
        {
            return refusal;
        }

        var query = AuditList.Parse(EntityAnswers.Parameters(http), time.GetUtcNow());
        return query.Succeeded ? Results.Ok(await audit.PageAsync(query.Value, Caller.Of(http), http.RequestAborted)) : ProblemAnswers.From(query.Error);
    }

    private static async Task<IResult> Export(HttpContext http, AuditExport export) => Closed(http) ?? await export.WriteAsync(http);

    // A row does not say whose it is: closed, then, to who sees only a part.
    private static IResult? Closed(HttpContext http) =>
        Caller.Of(http) is { BusinessEntities: not null } or { PartnerOrganizationId: not null } or { Vehicles: not null }
            ? ProblemAnswers.Forbidden("The audit is not available to credentials that are limited to business entities, a partner or own vehicles.")
            : null;
}
