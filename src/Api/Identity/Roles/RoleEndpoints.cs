using System.Text.Json;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Roles;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity.Roles;

/// <summary><c>/api/roles</c>: who may write a role is decided here, for its attempts are on record; the rest is the role's grain's.</summary>
internal static class RoleEndpoints
{
    private const string Table = "user_role";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var roles = routes.MapGroup("/api/roles").WithTags("Roles");
        roles.MapGet("", ListAsync).RequirePermission(Permissions.RolesRead).TakesQuery(RoleKind.List).Produces<Page<Role>>()
            .WithName("ListRoles").WithSummary("The roles and what they grant.");
        roles.MapPost("", CreateAsync).RequirePermission(Permissions.RolesManage).Repeatable().Produces<Role>(201)
            .WithName("CreateRole").WithSummary("Makes a role that grants no more than its author has.");
        roles.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.RolesRead).Produces<Role>()
            .WithName("GetRole").WithSummary("One role.");
        roles.MapPatch("/{id:guid}", PatchAsync).RequirePermission(Permissions.RolesManage)
            .Accepts<RoleDetails>("application/merge-patch+json", "application/json").Produces<Role>()
            .WithName("ChangeRole").WithSummary("Changes a role, on open sessions and connections too.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, RoleDirectory roles)
    {
        var query = RoleKind.List.Parse(http);
        return query.Succeeded
            ? TypedResults.Ok(await roles.PageAsync(query.Value, Caller.Of(http), http.RequestAborted))
            : ProblemAnswers.From(query.Error);
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, RoleDirectory roles) =>
        await roles.FindAsync(id, Caller.Of(http), http.RequestAborted) is { } role ? Answer(http, role, TypedResults.Ok) : NoRole(id);

    private static async Task<IResult> CreateAsync(RoleDetails body, HttpContext http, RoleDirectory roles, Refusals refusals, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var id = CommandRequest.NewId(context.Value, time);
        body = body with { PartnerOrganizationId = RoleScope.OwnerFor(Caller.Of(http), body.PartnerOrganizationId) };
        return await RefuseAsync(id, null, body, http, refusals, time)
            ?? Answer(http, await roles.ExecuteAsync(id, new Create<Role, RoleDetails>(body), context.Value), role => TypedResults.Created($"/api/roles/{role.Id}", role));
    }

    private static async Task<IResult> PatchAsync(
        Guid id, JsonElement body, HttpContext http, RoleDirectory roles, Refusals refusals, TimeProvider time, IOptions<JsonOptions> json)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (await roles.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } role)
        {
            return NoRole(id);
        }

        var details = MergePatch.Apply<RoleDetails>(role, body, json.Value.SerializerOptions);
        return await RefuseAsync(id, role, details, http, refusals, time)
            ?? Answer(http, await roles.ExecuteAsync(id, new Revise<Role, RoleDetails>(details), context.Value.OnVersion(role.Version)), TypedResults.Ok);
    }

    // Null where the caller may write this; attempts to get more than one has are on record.
    private static async Task<IResult?> RefuseAsync(Guid id, Role? before, RoleDetails details, HttpContext http, Refusals refusals, TimeProvider time)
    {
        var author = Caller.Of(http);
        if (before is not null && RoleKind.RefuseRevision(before, details) is { } never)
        {
            await (never is Conflict ? RecordAsync("Refused: the role admin stays as it is") : Task.CompletedTask);
            return ProblemAnswers.From(never);
        }

        if (RoleScope.WhyNot(author, details.PartnerOrganizationId) is { } reason)
        {
            await RecordAsync("Refused: a role that is not its author's");
            return ProblemAnswers.Forbidden(reason);
        }

        if (Fault(details, time.GetUtcNow()) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        // Also what it grants now: else whoever may edit roles could cut down those above.
        List<string> beyond = [.. Escalation.Beyond(author, details, []), .. before is null ? [] : Escalation.Beyond(author, before, [])];
        if (beyond.Count == 0)
        {
            return null;
        }

        await RecordAsync("Refused: a role with more than its author has");
        return ProblemAnswers.Forbidden("A role can't grant more than its author has; see errors.",
            ("errors", new Dictionary<string, string[]> { ["permissions"] = [.. beyond.Distinct()] }));

        Task RecordAsync(string summary) => refusals.RecordAsync(Table, id, summary, RequestOrigin.Context(http, time), time.GetUtcNow());
    }

    // Every faulty field, and what is no permission.
    private static Invalid? Fault(RoleDetails details, DateTimeOffset now)
    {
        var faults = RoleGrants.Faults(details);
        foreach (var (field, said) in RoleKind.Check(details, now)?.Fields ?? new Dictionary<string, string[]>())
        {
            faults[field] = said;
        }

        return faults.Count == 0 ? null : new(faults);
    }

    private static IResult Answer(HttpContext http, Result<Role> result, Func<Role, IResult> success)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        http.SetVersion(result.Value.Version);
        return success(result.Value);
    }

    private static IResult NoRole(Guid id) => ProblemAnswers.From(new NotFound("role", id.ToString()));
}
