using System.Text.RegularExpressions;
using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>A route as the running host has it, with what it states.</summary>
internal sealed partial record HostRoute(string Method, string Pattern, bool Open, bool KeyInPath, bool KeyAsPassword, string[] Permissions)
{
    public static IEnumerable<HostRoute> All(RunningHost host) =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select new HostRoute(method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
            endpoint.Metadata.GetMetadata<KeyInPath>() is not null,
            endpoint.Metadata.GetMetadata<KeyAsPassword>() is not null,
            [.. endpoint.Metadata.GetOrderedMetadata<RequiredPermission>().Select(required => required.Name)]);

    /// <summary>The address of an object; null where a parameter has no value.</summary>
    public string? PathFor(RouteCase known, string id)
    {
        var complete = true;
        var path = Parameter().Replace(Pattern, match =>
        {
            var name = match.Groups[1].Value;
            var value = known.Values.GetValueOrDefault(name, known.Thing != Thing.None && name is "id" or "businessEntity" ? id : "");
            complete &= value.Length > 0;
            return value;
        });
        return complete ? path + known.Query : null;
    }

    public override string ToString() => $"{Method} {Pattern}";

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
