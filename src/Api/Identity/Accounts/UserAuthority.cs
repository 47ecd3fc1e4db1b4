using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>Whether somebody may give an account what it is to have, or may touch one that has it.</summary>
internal sealed class UserAuthority(RoleDirectory roles, Refusals refusals, TimeProvider time)
{
    /// <summary>Null where they may; a refusal is on record.</summary>
    public async Task<IResult?> RefuseAsync(HttpContext http, Guid accountId, AccountDetails details)
    {
        var author = Caller.Of(http);
        if (details.RoleId is not { } id || await roles.FindAsync(id, author, http.RequestAborted) is not { } role)
        {
            return ProblemAnswers.From(Invalid.Field("roleId", details.RoleId is null ? "is required" : "is not a role"));
        }

        if (role.PartnerOrganizationId is { } owner && owner != details.UserOrganizationId)
        {
            return ProblemAnswers.From(Invalid.Field("roleId", "is a role of another organization than the account's"));
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
