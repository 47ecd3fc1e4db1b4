using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace ChargeCars.Api.Identity;

/// <summary>The permission that an endpoint asks for; an endpoint without one, and not open by name, does not start.</summary>
/// <param name="Name">One of <see cref="Permissions"/>.</param>
public sealed record RequiredPermission(string Name);

/// <summary>An endpoint for whoever is signed in, whatever they may do.</summary>
public sealed record SignedIn
{
    /// <summary>The authorization policy of such endpoints.</summary>
    public const string Policy = "signed_in";
}

/// <summary>An endpoint for everybody, also without credentials.</summary>
/// <param name="Reason">Why, for whoever reviews what is open.</param>
public sealed record OpenToAll(string Reason) : IAllowAnonymous;

/// <summary>An endpoint whose caller may give an API key in the path, because its clients can't set a header.</summary>
/// <param name="RouteValue">The route's parameter that holds the key.</param>
public sealed record KeyInPath(string RouteValue);

/// <summary>Metadata: a part of the address is a credential that is no API key; traces have the route in its place.</summary>
public sealed record SecretInPath;

/// <summary>An endpoint whose caller may give an API key as a password (HTTP Basic), because all that its clients can be told is an address.</summary>
public sealed record KeyAsPassword;

/// <summary>How endpoints state who may call them.</summary>
public static class PermissionExtensions
{
    /// <summary>States the permission of an endpoint or a group.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequiredPermission(permission)).RequireAuthorization(permission);

    /// <summary>Asks only that the caller is known.</summary>
    public static TBuilder RequireSignedIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new SignedIn()).RequireAuthorization(SignedIn.Policy);

    /// <summary>Opens an endpoint to everybody.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder builder, string reason) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new OpenToAll(reason));

    /// <summary>Also takes the caller's API key from the path; the permission is stated as elsewhere.</summary>
    public static TBuilder TakesKeyFromPath<TBuilder>(this TBuilder builder, string routeValue) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KeyInPath(routeValue));

    /// <summary>Also takes the caller's API key as a password; the permission is stated as elsewhere.</summary>
    public static TBuilder TakesKeyAsPassword<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KeyAsPassword());
}
