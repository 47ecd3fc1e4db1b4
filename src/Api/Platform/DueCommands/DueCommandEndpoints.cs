using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.DueCommands;

/// <summary>What follows from commands, for administrators: a refusal or a failure waits here for a person.</summary>
public static class DueCommandEndpoints
{
    /// <summary>Maps <c>/api/due-commands</c>.</summary>
    public static void MapDueCommands(this IEndpointRouteBuilder routes)
    {
        var due = routes.MapGroup("/api/due-commands").WithTags("Due commands").RequirePermission(Permissions.DueCommandsManage);
        due.MapGet("/", ListAsync).TakesQuery(DueCommandQueries.List).Produces<Page<DueCommandView>>()
            .WithName("ListDueCommands").WithSummary("What follows from commands and when it is due, the newest first.");
        due.MapPost("/{id:guid}/actions/retry", RetryAsync).Repeatable().Produces<DueCommandView>()
            .WithName("RetryDueCommand").WithSummary("Tries one that was refused or failed again.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, DueCommandQueries queries)
    {
        var query = DueCommandQueries.List.Parse(http);
        return !query.Succeeded ? ProblemAnswers.From(query.Error)
            : IsLimited(Caller.Of(http)) ? TypedResults.Ok(new Page<DueCommandView>([], null))
            : TypedResults.Ok(await queries.ListAsync(query.Value, http.RequestAborted));
    }

    private static async Task<IResult> RetryAsync(Guid id, HttpContext http, DueCommandQueries queries, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var known = IsLimited(Caller.Of(http)) ? null : await queries.FindAsync(id, http.RequestAborted);
        return known is null ? ProblemAnswers.From(new NotFound("due_command", id.ToString()))
            : await queries.RetryAsync(id, context.Value) ? TypedResults.Ok(await queries.FindAsync(id, http.RequestAborted))
            : ProblemAnswers.From(new Conflict("not_stopped", $"It is {known.State}: only what was refused or failed is tried again."));
    }

    // A due command may concern any entity, so a limited caller sees none.
    private static bool IsLimited(Caller caller) => caller is not { BusinessEntities: null, PartnerOrganizationId: null, Vehicles: null };
}
