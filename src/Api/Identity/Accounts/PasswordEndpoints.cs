using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity.Accounts;

/// <summary>The body of <c>POST /api/auth/password/forgot</c>.</summary>
public sealed record ForgottenPassword(string? Email);

/// <summary>The body of <c>POST /api/auth/password/reset</c>.</summary>
public sealed record PasswordReset(string? Token, string? Password);

/// <summary>The body of <c>POST /api/auth/password/change</c>.</summary>
public sealed record PasswordChange(string? CurrentPassword, string? Password);

/// <summary>The body of <c>POST /api/auth/email/verify</c>; without a token a new one is sent to who is signed in.</summary>
public sealed record EmailVerification(string? Token);

/// <summary><c>/api/auth/password</c> and <c>/api/auth/email</c>.</summary>
internal static class PasswordEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Authentication");
        auth.MapPost("/password/forgot", Forgot).OpenToAll("Who forgot the password has no credentials.").Produces(202)
            .WithName("ForgotPassword").WithSummary("Sends a link to set the password anew, if the address has an account.");
        auth.MapPost("/password/reset", ResetAsync).OpenToAll("The token that was sent is the credential.").Produces(204)
            .WithName("ResetPassword").WithSummary("Sets the password by a token, which counts once, and ends all sessions.");
        auth.MapPost("/password/change", ChangeAsync).RequireSignedIn().Produces(204)
            .WithName("ChangePassword").WithSummary("Sets my password by the one before it, and ends my other sessions.");
        auth.MapPost("/email/verify", VerifyAsync).OpenToAll("The token that was sent is the credential.").Produces(204)
            .WithName("VerifyEmail").WithSummary("Takes the token that was sent to my address.");
        auth.MapPost("/email/send", SendAsync).RequireSignedIn().Produces(202)
            .WithName("SendVerification").WithSummary("Sends a token to my address.");
    }

    private static IResult Forgot(ForgottenPassword request, HttpContext http, AccountMail mail, TimeProvider time)
    {
        if (new RequestFields().Text("email", request.Email, RequestFields.LongestEmail).Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        mail.AskForReset(request.Email!, RequestOrigin.Context(http, Actor.System, time));
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<IResult> ResetAsync(
        PasswordReset request, HttpContext http, IGrainFactory grains, SessionStore sessions, TimeProvider time)
    {
        var fields = new RequestFields().Text("token", request.Token, AccountToken.Longest).NewPassword("password", request.Password);
        if (fields.Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (AccountToken.Read(request.Token!) is not var (id, token))
        {
            return NoToken();
        }

        var context = RequestOrigin.Context(http, new Actor(ActorKind.User, id, "password reset"), time);
        var outcome = await grains.GetGrain<IUserAccountGrain>(id).ResetPasswordAsync(token, request.Password!, context);
        if (!outcome.Succeeded)
        {
            return outcome.Error is NotFound ? NoToken() : ProblemAnswers.From(outcome.Error);
        }

        await sessions.RevokeAllAsync(id, null, "Password reset", context, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ChangeAsync(
        PasswordChange request, HttpContext http, IGrainFactory grains, SessionStore sessions, SessionDirectory directory, TimeProvider time)
    {
        var fields = new RequestFields().Text("currentPassword", request.CurrentPassword, RequestFields.LongestPassword)
            .NewPassword("password", request.Password);
        if (fields.Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (AccountOf(http) is not { } id)
        {
            return NoAccount();
        }

        var context = RequestOrigin.Context(http, time);
        var outcome = await grains.GetGrain<IUserAccountGrain>(id).ChangePasswordAsync(
            request.CurrentPassword!, request.Password!, await SessionAddressAsync(http, directory), context);
        if (!outcome.Succeeded)
        {
            return ProblemAnswers.From(outcome.Error);
        }

        await sessions.RevokeAllAsync(id, Caller.Of(http).SessionId, "Password changed", context, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> VerifyAsync(EmailVerification request, HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        if (new RequestFields().Text("token", request.Token, AccountToken.Longest).Fault is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        if (AccountToken.Read(request.Token!) is not var (id, token))
        {
            return NoToken();
        }

        var context = RequestOrigin.Context(http, new Actor(ActorKind.User, id, "email verification"), time);
        var outcome = await grains.GetGrain<IUserAccountGrain>(id).VerifyEmailAsync(token, context);
        return outcome.Succeeded ? TypedResults.NoContent() : outcome.Error is NotFound ? NoToken() : ProblemAnswers.From(outcome.Error);
    }

    private static async Task<IResult> SendAsync(HttpContext http, AccountMail mail, UserDirectory users, TimeProvider time)
    {
        if (AccountOf(http) is not { } id || await users.FindAsync(id) is not { } user)
        {
            return NoAccount();
        }

        var fault = await mail.SendAsync(id, user.Email, verification: true, RequestOrigin.Context(http, time), http.RequestAborted);
        if (fault is Conflict { Code: "mail_sent" })
        {
            http.Response.Headers.RetryAfter = AccountDecider.MailInterval.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
            return ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "mail-sent", "A mail was sent a moment ago", fault.Detail);
        }

        return fault is null ? TypedResults.Accepted((string?)null) : ProblemAnswers.From(fault);
    }

    internal static Guid? AccountOf(HttpContext http) => Caller.Of(http).Actor is { Kind: ActorKind.User, Id: { } id } ? id : null;

    /// <summary>The address of the session that asks: whose failures count where a password is checked in a session.</summary>
    internal static async ValueTask<string?> SessionAddressAsync(HttpContext http, SessionDirectory sessions) =>
        Caller.Of(http).SessionId is { } session ? await sessions.AddressOfAsync(session) : null;

    internal static IResult NoAccount() => ProblemAnswers.Forbidden("This is for people; an API key has no account.");

    private static IResult NoToken() => ProblemAnswers.From(Invalid.Field("token", "is not valid any more: ask for a new one"));
}
