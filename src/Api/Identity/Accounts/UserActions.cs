using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity.Accounts;

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

/// <summary><c>/api/users/{id}/actions/{action}</c></summary>
internal static class UserActions
{
    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("/{id:guid}/actions/{action}", ActAsync).RequirePermission(Permissions.UsersManage).Repeatable().Produces<UserView>()
            .WithName("ActOnUser").WithSummary("disable, enable, sign_out or send_reset.");

    private static async Task<IResult> ActAsync(
        Guid id, string action, HttpContext http, UserAuthority authority, UserChanges changes, SessionStore sessions, AccountMail mail, UserList list,
        TimeProvider time)
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
            return UserEndpoints.NoUser(id);
        }

        var before = current.Details();
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
                if (await changes.ReviseAsync(id, before, before with { IsActive = known == UserAction.Enable }, context.Value, http) is { } answer)
                {
                    return answer;
                }

                break;
        }

        return await UserEndpoints.AnswerAsync(id, http, list, TypedResults.Ok);
    }
}
