using System.Collections.Frozen;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Closed by default: refuses to start while an endpoint does not state who may call it. Runs by itself, after
/// everything is mapped and before the server listens.
/// </summary>
public sealed class PermissionGuard : IStartupFilter
{
    private static readonly FrozenSet<string> Known = Permissions.All.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        Check(app.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints);
    };

    /// <summary>Throws <see cref="StartupException"/>, naming every endpoint that is not stated well, and why.</summary>
    public static void Check(IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints)
    {
        var faults = endpoints
            .Select(endpoint => (Endpoint: endpoint, Fault: FaultOf(endpoint.Metadata)))
            .Where(found => found.Fault is not null)
            .Select(found => $"  {NameOf(found.Endpoint)}: {found.Fault}")
            .ToList();
        if (faults.Count > 0)
        {
            throw new StartupException(
                "Endpoints that do not state who may call them. Give each RequirePermission, RequireSignedIn or OpenToAll:\n"
                + string.Join('\n', faults));
        }
    }

    private static string? FaultOf(Microsoft.AspNetCore.Http.EndpointMetadataCollection metadata)
    {
        var required = metadata.GetOrderedMetadata<RequiredPermission>();
        var policies = metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToHashSet();
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            // ASP.NET Core lets "anonymous" win, so the permission would be a promise that nobody keeps.
            return required.Count == 0 ? null : $"asks for {required[0].Name} and is open to all";
        }

        if (required.FirstOrDefault(permission => !Known.Contains(permission.Name)) is { } unknown)
        {
            return $"{unknown.Name} is not one of Permissions";
        }

        if (required.FirstOrDefault(permission => !policies.Contains(permission.Name)) is { } unasked)
        {
            return $"names {unasked.Name} without asking for it";
        }

        return required.Count > 0 || (metadata.GetMetadata<SignedIn>() is not null && policies.Contains(SignedIn.Policy))
            ? null
            : "states no permission";
    }

    private static string NameOf(Microsoft.AspNetCore.Http.Endpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        var verb = methods is { Count: > 0 } ? string.Join('|', methods) + " " : "";
        return verb + ((endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName);
    }
}
