using ChargeCars.Api.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Audit;

/// <summary>The audit over HTTP: it is read, never written.</summary>
public static class AuditEndpoints
{
    /// <summary>Maps <c>/api/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", List).RequirePermission(Permissions.AuditRead).Produces<Page<AuditItem>>()
            .WithTags("Audit").WithName("ListAudit").WithSummary("Who changed what, the newest first.")
            .WithDescription("Filters: tableName, recordId, changedBy (the id of a contact, user account or API key, or a name), action, from, to. Without recordId or from: the last 24 hours before to.");

    private static async Task<IResult> List(HttpContext http, AuditList audit, TimeProvider time)
    {
        // The audit has no scope of its own yet: closed, then, to who sees only a part.
        if (Caller.Of(http) is { BusinessEntities: not null } or { PartnerOrganizationId: not null } or { Vehicles: not null })
        {
            return ProblemAnswers.Forbidden("The audit is not available to credentials that are limited to business entities, a partner or own vehicles.");
        }

        var query = AuditList.Parse(http.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())), time.GetUtcNow());
        return query.Succeeded ? Results.Ok(await audit.PageAsync(query.Value, http.RequestAborted)) : ProblemAnswers.From(query.Error);
    }
}
