using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>Changes what an administrator may set of an account: who has the authority, the account, and then its sessions.</summary>
internal sealed class UserChanges(IGrainFactory grains, UserAuthority authority, AccessNews news, SessionStore sessions)
{
    /// <summary>Null where it was done.</summary>
    public async Task<IResult?> ReviseAsync(Guid id, AccountDetails before, AccountDetails after, CommandContext context, HttpContext http)
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
}
