using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity;

/// <summary>What a request gets that authorization does not let through: 401 or 403, with a problem that says why.</summary>
internal sealed class AccessAnswers(RefusedCredentials refused) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(context, authorizeResult);

    private async Task RefuseAsync(HttpContext context, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Challenged)
        {
            // Asked again, as the middleware keeps successes only; the handler has its answer ready.
            var failure = (await context.AuthenticateAsync()).Failure as CredentialException;
            if (failure is not null)
            {
                refused.Note(context, failure.Message);
            }

            // RFC 6750, 3.1: the error code only where there was a token to be wrong.
            string[] ways =
            [
                failure is { Scheme: Credentials.BearerScheme } ? "Bearer realm=\"ChargeCars\", error=\"invalid_token\"" : "Bearer realm=\"ChargeCars\"",
                "ApiKey realm=\"ChargeCars\"",
                // Amazon sends a password only when it is asked for one.
                .. context.GetEndpoint()?.Metadata.GetMetadata<KeyAsPassword>() is null ? Array.Empty<string>() : ["Basic realm=\"ChargeCars\""],
            ];
            context.Response.Headers.WWWAuthenticate = ways;
            await ProblemAnswers.Unauthorized(failure?.Message
                ?? $"Send an access token (Authorization: Bearer …) or an API key ({Credentials.KeyHeader}: …).").ExecuteAsync(context);
        }
        else
        {
            var missing = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<PermissionRequirement>().FirstOrDefault()?.Name;
            await (missing is null
                ? ProblemAnswers.Forbidden("This endpoint is closed.")
                : ProblemAnswers.Forbidden($"This needs the permission {missing}, which these credentials do not have.", ("permission", missing)))
                .ExecuteAsync(context);
        }
    }
}
