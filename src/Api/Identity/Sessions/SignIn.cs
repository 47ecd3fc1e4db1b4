using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>What a login or a refresh gives.</summary>
public sealed record LoginAnswer(
    string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, DateTimeOffset RefreshExpiresAt, CallerView User);

/// <summary>Turns somebody who has proved who they are into a session and its tokens.</summary>
internal sealed class SignIn(SessionStore sessions, UserDirectory users, AccessTokens tokens, TimeProvider time)
{
    /// <summary>Opens a session; null where the account was closed meanwhile, or its role is, or it has another password than that of the mark.</summary>
    public async Task<LoginAnswer?> OpenAsync(Guid accountId, string passwordMark, HttpContext http)
    {
        // As it is now, not as it was remembered: a login is rare, and what it gives is kept.
        users.Forget(accountId);
        if (await users.FindAsync(accountId) is not { } user)
        {
            return null;
        }

        var context = RequestOrigin.Context(http, user.Caller.Actor, time);
        var issued = await sessions.OpenAsync(user.Id, context);
        // Asked once the session is there: a change of the password before that is seen here, and a later one ends the session itself.
        if (!await sessions.IsPasswordAsync(user.Id, passwordMark))
        {
            await sessions.RevokeAsync(user.Id, issued.Session.Id, "The password was changed", context with { CommandId = Guid.CreateVersion7(time.GetUtcNow()) }, CancellationToken.None);
            return null;
        }

        return Answer(issued, user);
    }

    /// <summary>The next tokens of a session; null where the token is not taken.</summary>
    public async Task<LoginAnswer?> RefreshAsync(string refreshToken, HttpContext http)
    {
        var issued = await sessions.RefreshAsync(refreshToken, RequestOrigin.Address(http), RequestOrigin.Agent(http), http.RequestAborted);
        return issued is not null && await users.FindAsync(issued.Session.UserId) is { } user ? Answer(issued, user) : null;
    }

    private LoginAnswer Answer(IssuedSession issued, SignedInUser user)
    {
        var (token, expiresAt) = tokens.Issue(user, issued.Session);
        return new(token, expiresAt, issued.RefreshToken, issued.Session.ExpiresAt, CallerView.Of(user.Caller, user));
    }
}
