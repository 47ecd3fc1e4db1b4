using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>The body of <c>POST /api/auth/login</c>.</summary>
public sealed record LoginRequest(string? Email, string? Password);

/// <summary>The body of <c>POST /api/auth/two-factor</c>.</summary>
public sealed record SecondFactorRequest(string? Challenge, string? Code);

/// <summary>What a login gives whose account asks for a code.</summary>
/// <param name="TwoFactorRequired">Always true.</param>
/// <param name="Challenge">To be sent back with the code, within five minutes; it opens nothing else.</param>
public sealed record TwoFactorChallenge(bool TwoFactorRequired, string Challenge);

/// <summary><c>/api/auth/login</c>, <c>/two-factor</c> and <c>/me</c>.</summary>
internal static class LoginEndpoints
{
    private const int BusySeconds = 2;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Authentication");
        auth.MapPost("/login", LoginAsync).OpenToAll("Logging in is how credentials are got.").DescribesRefusals(401).Produces<LoginAnswer>()
            .WithName("Login").WithSummary("Tokens for an email address and a password, or a challenge.");
        auth.MapPost("/two-factor", SecondFactorAsync).OpenToAll("The challenge is the credential.").Produces<LoginAnswer>()
            .WithName("LoginSecondFactor").WithSummary("Tokens for a challenge and a code.");
        auth.MapGet("/me", MeAsync).RequireSignedIn().WithName("Me").WithSummary("Who I am and what I may.");
    }

    private static async Task<IResult> LoginAsync(
        LoginRequest request, HttpContext http, PasswordLogin login, SignIn signIn, AccessTokens tokens)
    {
        var fields = new RequestFields().Text("email", request.Email, RequestFields.LongestEmail)
            .Text("password", request.Password, RequestFields.LongestPassword);
        if (fields.Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        http.Response.Headers.CacheControl = "no-store";
        var (account, result) = await login.TryAsync(request.Email!, request.Password!, http);
        return result.Outcome == LoginOutcome.SecondFactorNeeded
            ? TypedResults.Ok(new TwoFactorChallenge(true, tokens.Challenge(account, result.PasswordMark)))
            : await AnswerAsync(result, account, http, signIn, "The email address or the password is not right.");
    }

    private static async Task<IResult> SecondFactorAsync(
        SecondFactorRequest request, HttpContext http, PasswordLogin login, SignIn signIn, AccessTokens tokens)
    {
        var fields = new RequestFields().Text("challenge", request.Challenge, 2_000).Text("code", request.Code, 100);
        if (fields.Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        http.Response.Headers.CacheControl = "no-store";
        if (await tokens.ReadChallengeAsync(request.Challenge!) is not var (account, mark)
            || await login.TryCodeAsync(account, mark, request.Code!, http) is var outcome && outcome == LoginOutcome.Superseded)
        {
            return ProblemAnswers.From(Invalid.Field("challenge", "is not valid any more: log in again"));
        }

        return await AnswerAsync(new(outcome, mark), account, http, signIn, "The code is not right.");
    }

    private static async Task<IResult> AnswerAsync(LoginResult result, Guid account, HttpContext http, SignIn signIn, string refusal)
    {
        if (result.Outcome == LoginOutcome.Busy)
        {
            http.Response.Headers.RetryAfter = BusySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "too-many-logins", "Too many logins at this moment",
                $"Others are logging in. Try again in {BusySeconds} seconds.");
        }

        return result.Outcome == LoginOutcome.SignedIn && await signIn.OpenAsync(account, result.PasswordMark, http) is { } answer
            ? TypedResults.Ok(answer)
            : ProblemAnswers.Unauthorized(refusal);
    }

    private static async Task<Ok<CallerView>> MeAsync(HttpContext http, UserDirectory users)
    {
        var caller = Caller.Of(http);
        var user = caller.Actor is { Kind: ActorKind.User, Id: { } id } ? await users.FindAsync(id) : null;
        return TypedResults.Ok(CallerView.Of(caller, user));
    }
}
