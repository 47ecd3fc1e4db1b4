using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Answers 404 for a silo that the cluster does not have. The runtime's dashboard takes any text for a silo's name: it
/// stumbles over what is none, and waits long for one that is gone.
/// </summary>
internal static class DashboardSilos
{
    private static readonly string[] OfASilo = ["HistoricalStats", "SiloProperties", "SiloMetadata", "SiloStats", "SiloCounters"];

    /// <summary>To be added to the dashboard's endpoints; those that name no silo stay as they are.</summary>
    public static void Guard(EndpointBuilder endpoint)
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern: { Parameters: [var parameter] } pattern, RequestDelegate: { } next }
            || !OfASilo.Any(part => pattern.RawText!.Contains($"/{part}/", StringComparison.Ordinal)))
        {
            return;
        }

        endpoint.RequestDelegate = async http =>
        {
            var name = http.GetRouteValue(parameter.Name) as string ?? "";
            var silos = await http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
            await (silos.Keys.Any(silo => silo.ToParsableString() == name)
                ? next(http)
                : ProblemAnswers.From(new NotFound("silo", name)).ExecuteAsync(http));
        };
    }
}
