using System.Text.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>The body of <c>POST /api/users</c>.</summary>
public sealed record NewUser : AccountDetails
{
    /// <summary>The person, who must have no account yet; required.</summary>
    public Guid? ContactId { get; init; }

    // A record of its own: the body's type is unknown to the grain.
    internal AccountDetails Details() => new()
    {
        RoleId = RoleId,
        Scopes = Scopes,
        UserOrganizationId = UserOrganizationId,
        IsActive = IsActive,
    };
}

/// <summary><c>/api/users</c></summary>
internal static class UserEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Users");
        users.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).TakesQuery(UserList.List).Produces<Page<UserView>>()
            .WithName("ListUsers").WithSummary("The accounts.");
        users.MapPost("", CreateAsync).RequirePermission(Permissions.UsersManage).Repeatable().Produces<UserView>(201)
            .WithName("CreateUser").WithSummary("Makes an account for a contact and sends a link to set its password.");
        users.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.UsersRead).Produces<UserView>()
            .WithName("GetUser").WithSummary("One account.");
        users.MapPatch("/{id:guid}", PatchAsync).RequirePermission(Permissions.UsersManage)
            .Accepts<AccountDetails>("application/merge-patch+json", "application/json").Produces<UserView>()
            .WithName("ChangeUser").WithSummary("Changes role, scopes, organization, or whether the account is open.");
        UserActions.Map(users);
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserList list)
    {
        var query = UserList.List.Parse(http);
        return query.Succeeded ? TypedResults.Ok(await list.PageAsync(query.Value, Caller.Of(http), http.RequestAborted)) : ProblemAnswers.From(query.Error);
    }

    private static Task<IResult> GetAsync(Guid id, HttpContext http, UserList list) => AnswerAsync(id, http, list, TypedResults.Ok);

    private static async Task<IResult> CreateAsync(
        NewUser body, HttpContext http, IGrainFactory grains, UserAuthority authority, SignInAddress addresses, AccountMail mail, UserList list, TimeProvider time)
    {
        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (body.ContactId is not { } contact)
        {
            return ProblemAnswers.From(Invalid.Field("contactId", "is required"));
        }

        if (await authority.RefuseAsync(http, Guid.Empty, body) is { } refusal)
        {
            return refusal;
        }

        if (Caller.Of(http) is { BusinessEntities: not null } or { Vehicles: not null })
        {
            return ProblemAnswers.Forbidden("Accounts belong to no business entity: credentials that see only some, or only own vehicles, can't make one.");
        }

        if (!await list.SeesContactAsync(contact, Caller.Of(http), http.RequestAborted))
        {
            return ProblemAnswers.From(Invalid.Field("contactId", "is not a contact"));
        }

        if (await addresses.RefuseSharedAsync(contact, null, http.RequestAborted) is { } shared)
        {
            return ProblemAnswers.From(shared);
        }

        var id = CommandRequest.NewId(context.Value, time);
        var outcome = await grains.GetGrain<IUserAccountGrain>(id).CreateAsync(contact, body.Details(), context.Value);
        if (!outcome.Succeeded)
        {
            return ProblemAnswers.From(outcome.Error);
        }

        if (await list.FindAsync(id, Caller.Of(http), http.RequestAborted) is { } user)
        {
            await mail.SendAsync(id, user.Email, verification: false, RequestOrigin.Context(http, time), CancellationToken.None);
        }

        return await AnswerAsync(id, http, list, user => TypedResults.Created($"/api/users/{id}", user));
    }

    private static async Task<IResult> PatchAsync(
        Guid id, JsonElement body, HttpContext http, UserChanges changes, UserList list, TimeProvider time, IOptions<JsonOptions> json)
    {
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (await list.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } current)
        {
            return NoUser(id);
        }

        var before = current.Details();
        var details = MergePatch.Apply(before, body, json.Value.SerializerOptions);
        return await changes.ReviseAsync(id, before, details, context.Value.OnVersion(current.Version), http)
            ?? await AnswerAsync(id, http, list, TypedResults.Ok);
    }

    /// <summary>The account as it is now, with its ETag.</summary>
    internal static async Task<IResult> AnswerAsync(Guid id, HttpContext http, UserList list, Func<UserView, IResult> success)
    {
        if (await list.FindAsync(id, Caller.Of(http), CancellationToken.None) is not { } user)
        {
            return NoUser(id);
        }

        http.SetVersion(user.Version);
        return success(user);
    }

    internal static IResult NoUser(Guid id) => ProblemAnswers.From(new NotFound("user", id.ToString()));
}
