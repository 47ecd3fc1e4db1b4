using ChargeCars.Api.Identity;
using Orleans.Dashboard;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// The runtime's dashboard, which costs nothing until somebody opens it at this host: it compresses and keeps all its pages
/// when it is mapped, and counts what every grain call does (docs/adr/0007).
/// </summary>
internal static class Dashboard
{
    private const string Path = "/dashboard";

    /// <summary>What it would do from the start of a host on waits until it is opened; its profile of every call is never made.</summary>
    public static void LetWait(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ImplementationType?.Assembly == typeof(DashboardOptions).Assembly).ToArray())
        {
            if (service.ServiceType == typeof(IIncomingGrainCallFilter))
            {
                services.Remove(service);
            }
            else if (service.ServiceType == typeof(IHostedService))
            {
                services.Remove(service);
                services.AddKeyedSingleton(typeof(IHostedService), Path, service.ImplementationType!);
            }
        }
    }

    public static void Map(WebApplication app)
    {
        var dashboard = new Lazy<Task<RequestDelegate>>(() => OpenAsync(app.Services));
        app.MapGet($"{Path}/{{**path}}", async (HttpContext http) =>
        {
            var open = await dashboard.Value;
            // Who may is settled; which of its pages, its own routing says.
            http.SetEndpoint(null);
            await open(http);
        }).ExcludeFromDescription().RequireDashboardAccess();
    }

    private static async Task<RequestDelegate> OpenAsync(IServiceProvider services)
    {
        foreach (var service in services.GetKeyedServices<IHostedService>(Path))
        {
            await service.StartAsync(CancellationToken.None);
        }

        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(routes => routes.MapOrleansDashboard(Path).RequireDashboardAccess());
        return branch.Build();
    }
}
