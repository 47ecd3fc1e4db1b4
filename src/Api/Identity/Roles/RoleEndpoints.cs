using System.Text.Json;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>A role as clients see it.</summary>
public sealed record RoleView : RoleDetails
{
    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The ETag.</summary>
    public long Version { get; init; }

    internal static RoleView Of(Role role) => new()
    {
        Id = role.Id,
        CreatedAt = role.CreatedAt,
        RoleName = role.RoleName,
        Description = role.Description,
        IsActive = role.IsActive,
        PartnerOrganizationId = role.PartnerOrganizationId,
        Permissions = JsonDocument.Parse(role.Permissions.Text).RootElement,
        Version = role.Version,
    };
}

/// <summary><c>/api/roles</c></summary>
internal static class RoleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var roles = routes.MapGroup("/api/roles").WithTags("Roles");
        roles.MapGet("", ListAsync).RequirePermission(Permissions.RolesRead).TakesQuery(RoleStore.List).Produces<Page<RoleView>>()
            .WithName("ListRoles").WithSummary("The roles and what they grant.");
        roles.MapPost("", CreateAsync).RequirePermission(Permissions.RolesManage).Repeatable().Produces<RoleView>(201)
            .WithName("CreateRole").WithSummary("Makes a role that grants no more than its author has.");
        roles.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.RolesRead).Produces<RoleView>()
            .WithName("GetRole").WithSummary("One role.");
        roles.MapPatch("/{id:guid}", PatchAsync).RequirePermission(Permissions.RolesManage)
            .Accepts<RoleDetails>("application/merge-patch+json", "application/json").Produces<RoleView>()
            .WithName("ChangeRole").WithSummary("Changes a role, on open sessions and connections too.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, RoleStore store)
    {
        var query = RoleStore.List.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var page = await store.PageAsync(query.Value, Caller.Of(http), http.RequestAborted);
        return TypedResults.Ok(new Page<RoleView>([.. page.Items.Select(RoleView.Of)], page.NextCursor));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, RoleStore store) =>
        await store.FindAsync(id, Caller.Of(http), http.RequestAborted) is { } role ? Answer(http, role, TypedResults.Ok) : NoRole(id);

    private static async Task<IResult> CreateAsync(RoleDetails body, HttpContext http, RoleStore store, Refusals refusals, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        body = body with { PartnerOrganizationId = RoleScope.OwnerFor(Caller.Of(http), body.PartnerOrganizationId) };
        return await WriteAsync(
            null, body, CommandRequest.NewId(context.Value, time), context.Value, http, store, refusals, time,
            view => TypedResults.Created($"/api/roles/{view.Id}", view));
    }

    private static async Task<IResult> PatchAsync(
        Guid id, JsonElement body, HttpContext http, RoleStore store, Refusals refusals, TimeProvider time, IOptions<JsonOptions> json)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (await store.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } role)
        {
            return NoRole(id);
        }

        if (role is { RoleName: Role.Administrator, PartnerOrganizationId: null })
        {
            await refusals.RecordAsync(Role.Table, id, "Refused: the role admin stays as it is", RequestOrigin.Context(http, time), time.GetUtcNow());
            return ProblemAnswers.From(new Conflict("role_fixed", "The role admin stays as it is, so that somebody can always put things right. Make another role."));
        }

        if (!context.Value.Expects(role.Version))
        {
            return ProblemAnswers.From(new StaleVersion(context.Value.ExpectedVersion!.Value, role.Version));
        }

        var details = MergePatch.Apply<RoleDetails>(RoleView.Of(role), body, json.Value.SerializerOptions);
        if (details.PartnerOrganizationId != role.PartnerOrganizationId)
        {
            // Whoever has the role of one partner would be at another's mercy.
            return ProblemAnswers.From(Invalid.Field("partnerOrganizationId", "can't be changed: make another role"));
        }

        // A change is not repeatable: the command has an id of its own, whatever Idempotency-Key there is.
        return await WriteAsync(role, details, id, RequestOrigin.Context(http, time), http, store, refusals, time, TypedResults.Ok);
    }

    private static async Task<IResult> WriteAsync(
        Role? before, RoleDetails details, Guid id, CommandContext context, HttpContext http, RoleStore store, Refusals refusals, TimeProvider time,
        Func<RoleView, IResult> success)
    {
        var now = time.StoredNow();
        if (RoleScope.WhyNot(Caller.Of(http), details.PartnerOrganizationId) is { } reason)
        {
            await refusals.RecordAsync(Role.Table, id, "Refused: a role that is not its author's", RequestOrigin.Context(http, time), now);
            return ProblemAnswers.Forbidden(reason);
        }

        if (details.Fault() is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        var after = new Role(
            id, before?.CreatedAt ?? now, details.RoleName!, details.Description, details.IsActive,
            new(details.Permissions?.GetRawText() ?? "{}"), (before?.Version ?? 0) + 1,
            details.PartnerOrganizationId);
        // Also what it grants now: else whoever may edit roles could cut down those above.
        var beyond = Escalation.Beyond(Caller.Of(http), after, []);
        beyond.AddRange(before is null ? [] : Escalation.Beyond(Caller.Of(http), before, []));
        if (beyond.Count > 0)
        {
            await refusals.RecordAsync(Role.Table, id, "Refused: a role with more than its author has", RequestOrigin.Context(http, time), now);
            return ProblemAnswers.Forbidden("A role can't grant more than its author has; see errors.",
                ("errors", new Dictionary<string, string[]> { ["permissions"] = [.. beyond.Distinct()] }));
        }

        if (before?.Same(after) == true)
        {
            return Answer(http, before, success);
        }

        var written = await store.CommitAsync(before, after, context, now);
        return written.Succeeded ? Answer(http, written.Value, success) : ProblemAnswers.From(written.Error);
    }

    private static IResult Answer(HttpContext http, Role role, Func<RoleView, IResult> success)
    {
        http.SetVersion(role.Version);
        return success(RoleView.Of(role));
    }

    private static IResult NoRole(Guid id) => ProblemAnswers.From(new NotFound("role", id.ToString()));
}
