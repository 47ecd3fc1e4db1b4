using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity;

/// <summary>What a request gets that authorization does not let through: 401 or 403, with a problem that says why.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Challenged)
        {
            // RFC 6750, 3.1: the error code only where there was a token to be wrong.
            var failure = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure as CredentialException;
            context.Response.Headers.WWWAuthenticate = new[]
            {
                failure is { Scheme: Credentials.BearerScheme } ? "Bearer realm=\"ChargeCars\", error=\"invalid_token\"" : "Bearer realm=\"ChargeCars\"",
                "ApiKey realm=\"ChargeCars\"",
            };
            return AccessProblems.Unauthorized(failure?.Message
                ?? $"Send an access token (Authorization: Bearer …) or an API key ({Credentials.KeyHeader}: …).").ExecuteAsync(context);
        }

        if (authorizeResult.Forbidden)
        {
            var missing = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<PermissionRequirement>().FirstOrDefault()?.Name;
            return (missing is null
                ? AccessProblems.Forbidden("This endpoint is closed.")
                : AccessProblems.Forbidden($"This needs the permission {missing}, which these credentials do not have.", ("permission", missing)))
                .ExecuteAsync(context);
        }

        return next(context);
    }
}
