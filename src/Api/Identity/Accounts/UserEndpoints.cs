using System.Text.Json;
using ChargeCars.Accounts;
using ChargeCars.Api.Http;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Entities;
using ChargeCars.Storage;
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
}

/// <summary>What an administrator may do to an account.</summary>
public enum UserAction
{
    /// <summary>Close it, and end its sessions.</summary>
    Disable,

    /// <summary>Open it again.</summary>
    Enable,

    /// <summary>End its sessions.</summary>
    SignOut,

    /// <summary>Send a link to set the password.</summary>
    SendReset,
}

/// <summary><c>/api/users</c></summary>
internal static class UserEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Users");
        users.MapGet("", ListAsync).RequirePermission(Permissions.UsersRead).Produces<Page<UserView>>()
            .WithName("ListUsers").WithSummary("The accounts.");
        users.MapPost("", CreateAsync).RequirePermission(Permissions.UsersManage).Repeatable().Produces<UserView>(201)
            .WithName("CreateUser").WithSummary("Makes an account for a contact and sends a link to set its password.");
        users.MapGet("/{id:guid}", GetAsync).RequirePermission(Permissions.UsersRead).Produces<UserView>()
            .WithName("GetUser").WithSummary("One account.");
        users.MapPatch("/{id:guid}", PatchAsync).RequirePermission(Permissions.UsersManage)
            .Accepts<AccountDetails>("application/merge-patch+json", "application/json").Produces<UserView>()
            .WithName("ChangeUser").WithSummary("Changes role, scopes, organization, or whether the account is open.");
        users.MapPost("/{id:guid}/actions/{action}", ActAsync).RequirePermission(Permissions.UsersManage).Repeatable().Produces<UserView>()
            .WithName("ActOnUser").WithSummary("disable, enable, sign_out or send_reset.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserList list)
    {
        var query = UserList.List.Parse(http.Request.Query.Select(pair =>
            KeyValuePair.Create(pair.Key, pair.Key == "email" ? pair.Value.ToString().ToLowerInvariant() : pair.Value.ToString())));
        return query.Succeeded ? TypedResults.Ok(await list.PageAsync(query.Value, Caller.Of(http), http.RequestAborted)) : ProblemAnswers.From(query.Error);
    }

    private static Task<IResult> GetAsync(Guid id, HttpContext http, UserList list) => AnswerAsync(id, http, list, TypedResults.Ok);

    private static async Task<IResult> CreateAsync(
        NewUser body, HttpContext http, IGrainFactory grains, UserAuthority authority, AccountMail mail, UserList list, TimeProvider time)
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

        var id = CommandRequest.NewId(context.Value, time);
        var outcome = await grains.GetGrain<IUserAccountGrain>(id).CreateAsync(contact, DetailsOf(body), context.Value);
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
        Guid id, JsonElement body, HttpContext http, IGrainFactory grains, UserAuthority authority, AccessNews news, SessionStore sessions,
        UserList list, TimeProvider time, IOptions<JsonOptions> json)
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

        var before = DetailsOf(current);
        var details = MergePatch.Apply(before, body, json.Value.SerializerOptions);
        var onVersion = context.Value.ExpectedVersion is null ? context.Value with { ExpectedVersion = current.Version } : context.Value;
        return await ReviseAsync(id, before, details, onVersion, http, grains, authority, news, sessions)
            ?? await AnswerAsync(id, http, list, TypedResults.Ok);
    }

    private static async Task<IResult> ActAsync(
        Guid id, string action, HttpContext http, IGrainFactory grains, UserAuthority authority, AccessNews news, SessionStore sessions,
        AccountMail mail, UserList list, TimeProvider time)
    {
        if (!WireText.TryParse<UserAction>(action, out var known))
        {
            return ProblemAnswers.From(new NotFound("action of a user", $"'{action}'; there are {string.Join(", ", WireText.All<UserAction>())}"));
        }

        var context = CommandRequest.Context(http, time);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        if (await list.FindAsync(id, Caller.Of(http), http.RequestAborted) is not { } current)
        {
            return NoUser(id);
        }

        var before = DetailsOf(current);
        if (await authority.RefuseAsync(http, id, before) is { } refusal)
        {
            return refusal;
        }

        switch (known)
        {
            case UserAction.SignOut:
                await sessions.RevokeAllAsync(id, null, "Ended by an administrator", context.Value, CancellationToken.None);
                break;
            case UserAction.SendReset:
                if (await mail.SendAsync(id, current.Email, verification: false, context.Value, http.RequestAborted) is { } fault)
                {
                    return ProblemAnswers.From(fault);
                }

                break;
            default:
                if (await ReviseAsync(id, before, before with { IsActive = known == UserAction.Enable }, context.Value, http, grains, authority, news, sessions) is { } answer)
                {
                    return answer;
                }

                break;
        }

        return await AnswerAsync(id, http, list, TypedResults.Ok);
    }

    /// <summary>Null where it was done.</summary>
    private static async Task<IResult?> ReviseAsync(
        Guid id, AccountDetails before, AccountDetails after, CommandContext context, HttpContext http, IGrainFactory grains, UserAuthority authority,
        AccessNews news, SessionStore sessions)
    {
        // Also what it is now: else whoever may edit accounts could close those above.
        if ((await authority.RefuseAsync(http, id, before)
            ?? await authority.RefuseAsync(http, id, after)) is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.GetGrain<IUserAccountGrain>(id).ReviseAsync(after, context);
        await news.TellAsync(AccessKind.Account, id);
        if (!outcome.Succeeded)
        {
            if (outcome.Error is Conflict { Code: "last_administrator" })
            {
                await authority.RecordAsync(http, id, "Refused: the last administrator stays");
            }

            return ProblemAnswers.From(outcome.Error);
        }

        if (!after.IsActive)
        {
            await sessions.RevokeAllAsync(id, null, "Account closed", context, CancellationToken.None);
        }

        return null;
    }

    private static AccountDetails DetailsOf(UserView user) => new()
    {
        RoleId = user.RoleId,
        Scopes = user.Scopes,
        UserOrganizationId = user.UserOrganizationId,
        IsActive = user.IsActive,
    };

    // A record of its own: the body's type is unknown to the grain.
    private static AccountDetails DetailsOf(NewUser body) => new()
    {
        RoleId = body.RoleId,
        Scopes = body.Scopes,
        UserOrganizationId = body.UserOrganizationId,
        IsActive = body.IsActive,
    };

    private static async Task<IResult> AnswerAsync(Guid id, HttpContext http, UserList list, Func<UserView, IResult> success)
    {
        if (await list.FindAsync(id, Caller.Of(http), CancellationToken.None) is not { } user)
        {
            return NoUser(id);
        }

        http.Response.Headers.ETag = $"\"{user.Version}\"";
        return success(user);
    }

    private static IResult NoUser(Guid id) => ProblemAnswers.From(new NotFound("user", id.ToString()));
}

/// <summary>Whether somebody may give an account what it is to have, or may touch one that has it.</summary>
internal sealed class UserAuthority(RoleStore roles, Refusals refusals, TimeProvider time)
{
    /// <summary>Null where they may; a refusal is on record.</summary>
    public async Task<IResult?> RefuseAsync(HttpContext http, Guid accountId, AccountDetails details)
    {
        var author = Caller.Of(http);
        if (details.RoleId is not { } id || await roles.FindAsync(id, http.RequestAborted) is not { } role)
        {
            return ProblemAnswers.From(Invalid.Field("roleId", details.RoleId is null ? "is required" : "is not a role"));
        }

        var beyond = Escalation.Beyond(author, role, details.Scopes);
        if (author.PartnerOrganizationId is { } partner && details.UserOrganizationId != partner)
        {
            beyond.Add("its organization is not yours");
        }

        if (beyond.Count == 0)
        {
            return null;
        }

        await RecordAsync(http, accountId, "Refused: an account with more than its editor has");
        return ProblemAnswers.Forbidden("This account has, or would have, more than you have yourself; see errors.",
            ("errors", new Dictionary<string, string[]> { ["roleId"] = [.. beyond] }));
    }

    /// <summary>Puts another refusal on record.</summary>
    public Task RecordAsync(HttpContext http, Guid accountId, string summary) =>
        refusals.RecordAsync("user_account", accountId, summary, RequestOrigin.Context(http, time), time.GetUtcNow());
}
