using Microsoft.AspNetCore.Builder;

namespace ChargeCars.Api.Identity;

/// <summary>The permission that an endpoint asks for; an endpoint without one, and not open by name, does not start.</summary>
/// <param name="Name">One of <see cref="Permissions"/>.</param>
public sealed record RequiredPermission(string Name);

/// <summary>How endpoints state their permission.</summary>
public static class PermissionExtensions
{
    /// <summary>States the permission of an endpoint or a group.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequiredPermission(permission)).RequireAuthorization(permission);
}
