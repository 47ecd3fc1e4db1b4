using ChargeCars.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity;

/// <summary>The body of <c>POST /api/auth/login</c>.</summary>
public sealed record LoginRequest(string? Email, string? Password);

/// <summary>What a login gives. Refresh tokens come with sessions; until then they are null.</summary>
public sealed record LoginAnswer(
    string AccessToken, DateTimeOffset ExpiresAt, string? RefreshToken, DateTimeOffset? RefreshExpiresAt, CallerView User);

/// <summary>Who the caller is: a person (<c>user</c>) or a program (<c>key</c>).</summary>
public sealed record CallerView(
    string Kind,
    Guid? Id,
    string Name,
    string? Email,
    Guid? ContactId,
    string? Role,
    IReadOnlyList<string> Permissions,
    IReadOnlyList<string>? BusinessEntities,
    Guid? PartnerOrganizationId)
{
    internal static CallerView Of(Caller caller, SignedInUser? user) => new(
        WireText.Of(caller.Actor.Kind),
        caller.Actor.Id,
        user is null ? caller.Actor.Name : $"{user.FirstName} {user.LastName}",
        user?.Email,
        user?.ContactId,
        user?.Role,
        [.. caller.Permissions.Order(StringComparer.Ordinal)],
        caller.BusinessEntities?.Select(WireText.Of).Order(StringComparer.Ordinal).ToArray(),
        caller.PartnerOrganizationId);
}

/// <summary><c>/api/auth</c>, as far as it goes without sessions.</summary>
internal static class LoginEndpoints
{
    // Longer ones are no mistake of a person; RFC 5321 ends addresses at 254.
    private const int LongestEmail = 254;
    private const int LongestPassword = 1_000;
    private const int BusySeconds = 2;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Authentication");
        auth.MapPost("/login", LoginAsync).OpenToAll("Logging in is how credentials are got.").Produces<LoginAnswer>();
        auth.MapGet("/me", MeAsync).RequireSignedIn();
    }

    private static async Task<IResult> LoginAsync(
        LoginRequest request, HttpContext http, PasswordLogin login, AccessTokens tokens, CancellationToken cancellation)
    {
        if (FaultOf(request) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        http.Response.Headers.CacheControl = "no-store";
        var (outcome, user) = await login.TryAsync(request.Email!, request.Password!, cancellation);
        switch (outcome)
        {
            case LoginOutcome.SignedIn:
                var (token, expiresAt) = tokens.Issue(user!);
                return TypedResults.Ok(new LoginAnswer(token, expiresAt, null, null, CallerView.Of(user!.Caller, user)));
            case LoginOutcome.SecondFactorNeeded:
                return ProblemAnswers.Forbidden("This account asks for a second factor, which this server can't check yet.");
            case LoginOutcome.Busy:
                http.Response.Headers.RetryAfter = BusySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "too-many-logins", "Too many logins at this moment",
                    $"Others are logging in. Try again in {BusySeconds} seconds.");
            default:
                return ProblemAnswers.Unauthorized("The email address or the password is not right.");
        }
    }

    private static Invalid? FaultOf(LoginRequest request)
    {
        var faults = new Dictionary<string, string[]>();
        Check("email", request.Email, LongestEmail);
        Check("password", request.Password, LongestPassword);
        return faults.Count == 0 ? null : new(faults);

        void Check(string field, string? value, int longest)
        {
            // PostgreSQL's text holds no NUL, so no address has one.
            if (string.IsNullOrWhiteSpace(value) || value.Length > longest || value.Contains('\0', StringComparison.Ordinal))
            {
                faults[field] = [$"must be 1 to {longest} characters"];
            }
        }
    }

    private static async Task<Ok<CallerView>> MeAsync(HttpContext http, UserDirectory users)
    {
        var caller = Caller.Of(http);
        var user = caller.Actor is { Kind: ActorKind.User, Id: { } id } ? await users.FindAsync(id) : null;
        return TypedResults.Ok(CallerView.Of(caller, user));
    }
}
