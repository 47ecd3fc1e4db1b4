using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>The body of <c>POST /api/auth/refresh</c>.</summary>
public sealed record RefreshRequest(string? RefreshToken);

/// <summary>A session as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When its owner logged in, UTC.</param>
/// <param name="IpAddress">Where it was last refreshed from.</param>
/// <param name="UserAgent">The program that it was last refreshed by.</param>
/// <param name="LastActivity">When it was last used, UTC, to the minute.</param>
/// <param name="ExpiresAt">When it ends however much it is used, UTC.</param>
/// <param name="Current">Whether it is the one that asks.</param>
public sealed record SessionView(
    Guid Id, DateTimeOffset CreatedAt, string? IpAddress, string? UserAgent, DateTimeOffset? LastActivity, DateTimeOffset ExpiresAt, bool Current);

/// <summary>All of one's sessions; they fit one page.</summary>
public sealed record SessionList(IReadOnlyList<SessionView> Items, string? NextCursor);

/// <summary><c>/api/auth/refresh</c>, <c>/logout</c> and <c>/sessions</c>.</summary>
internal static class SessionEndpoints
{
    private const int LongestToken = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Authentication");
        auth.MapPost("/refresh", RefreshAsync).OpenToAll("The refresh token is the credential.").DescribesRefusals(401).Produces<LoginAnswer>()
            .WithName("Refresh").WithSummary("New tokens for a refresh token, which is replaced.");
        auth.MapPost("/logout", LogoutAsync).RequireSignedIn().Produces(StatusCodes.Status204NoContent)
            .WithName("Logout").WithSummary("Ends the session of the token that this is called with.");
        auth.MapGet("/sessions", ListAsync).RequireSignedIn().Produces<SessionList>()
            .WithName("ListSessions").WithSummary("My sessions that go on.");
        auth.MapGet("/sessions/{id:guid}", GetAsync).RequireSignedIn().Produces<SessionView>()
            .WithName("GetSession").WithSummary("One of my sessions.");
        auth.MapDelete("/sessions", RevokeAllAsync).RequireSignedIn().Produces(StatusCodes.Status204NoContent)
            .WithName("RevokeSessions").WithSummary("Ends all my sessions, this one too.");
        auth.MapDelete("/sessions/{id:guid}", RevokeAsync).RequireSignedIn().Produces(StatusCodes.Status204NoContent)
            .WithName("RevokeSession").WithSummary("Ends one of my sessions.");
    }

    private static async Task<IResult> RefreshAsync(RefreshRequest request, HttpContext http, SignIn signIn)
    {
        if (string.IsNullOrWhiteSpace(request.RefreshToken) || request.RefreshToken.Length > LongestToken)
        {
            return ProblemAnswers.From(Invalid.Field("refreshToken", $"must be 1 to {LongestToken} characters"));
        }

        http.Response.Headers.CacheControl = "no-store";
        return await signIn.RefreshAsync(request.RefreshToken, http) is { } answer
            ? TypedResults.Ok(answer)
            : ProblemAnswers.Unauthorized("The refresh token is not valid any more: log in again.");
    }

    private static async Task<IResult> LogoutAsync(HttpContext http, SessionStore sessions, TimeProvider time)
    {
        if (Mine(http) is not var (user, session))
        {
            return NoSessions();
        }

        // Not cancelled with the request: a page that logs out and closes means it.
        await sessions.RevokeAsync(user, session, "Logout", RequestOrigin.Context(http, time), CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ListAsync(HttpContext http, SessionStore sessions) => Mine(http) is var (user, current)
        ? TypedResults.Ok(new SessionList([.. (await sessions.ListAsync(user, null, http.RequestAborted)).Select(session => View(session, current))], null))
        : NoSessions();

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, SessionStore sessions) => Mine(http) is not var (user, current)
        ? NoSessions()
        : await sessions.ListAsync(user, id, http.RequestAborted) is [var session]
            ? TypedResults.Ok(View(session, current))
            : ProblemAnswers.From(new NotFound("session", id.ToString()));

    private static async Task<IResult> RevokeAllAsync(HttpContext http, SessionStore sessions, TimeProvider time)
    {
        if (Mine(http) is not var (user, _))
        {
            return NoSessions();
        }

        await sessions.RevokeAllAsync(user, null, "Revoked by its owner", RequestOrigin.Context(http, time), CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, SessionStore sessions, TimeProvider time) => Mine(http) is not var (user, _)
        ? NoSessions()
        : await sessions.RevokeAsync(user, id, "Revoked by its owner", RequestOrigin.Context(http, time), CancellationToken.None)
            ? TypedResults.NoContent()
            : ProblemAnswers.From(new NotFound("session", id.ToString()));

    private static (Guid User, Guid Session)? Mine(HttpContext http) =>
        Caller.Of(http) is { Actor: { Kind: ActorKind.User, Id: { } user }, SessionId: { } session } ? (user, session) : null;

    private static IResult NoSessions() => ProblemAnswers.Forbidden("Sessions are people's; an API key has none.");

    private static SessionView View(Session session, Guid current) => new(
        session.Id, session.CreatedAt, session.IpAddress, session.UserAgent, session.LastActivity, session.ExpiresAt, session.Id == current);
}
