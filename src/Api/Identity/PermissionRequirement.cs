using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity;

/// <summary>That the caller has a permission.</summary>
/// <param name="Name">One of <see cref="Permissions"/>.</param>
internal sealed record PermissionRequirement(string Name) : IAuthorizationRequirement;

/// <summary>What holds for an endpoint that states nothing: nobody may call it.</summary>
internal sealed record NothingStatedRequirement : IAuthorizationRequirement;

/// <inheritdoc/>
internal sealed class PermissionRequirementHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (CallerIdentity.Find(context.User) is { } caller && caller.Permissions.Contains(requirement.Name))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <inheritdoc/>
internal sealed class NothingStatedRequirementHandler : AuthorizationHandler<NothingStatedRequirement>
{
    /// <summary>
    /// Lets through what is no endpoint of ours: a path that nothing is mapped to, and the answers that routing makes up
    /// (405, 415), which are to stay 404, 405 and 415.
    /// </summary>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NothingStatedRequirement requirement)
    {
        if (context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
