using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using Orleans.Dashboard;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// The runtime's dashboard, which costs nothing until somebody opens it at this host: it compresses and keeps all its pages
/// when it is mapped, and counts what every grain call does (docs/adr/0007).
/// </summary>
internal static class Dashboard
{
    private const string Path = "/dashboard";

    // Its charts set styles in the markup.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What it would do from the start of a host on waits until it is opened; its profile of every call is never made.</summary>
    public static void Add(ISiloBuilder silo)
    {
        var others = silo.Services.ToHashSet(ReferenceEqualityComparer.Instance);
        silo.AddDashboard();
        foreach (var service in silo.Services.Where(service => !others.Contains(service)).ToArray())
        {
            if (service.ServiceType == typeof(IIncomingGrainCallFilter))
            {
                silo.Services.Remove(service);
            }
            else if (service.ServiceType == typeof(IHostedService) || service.ServiceType == typeof(ILifecycleParticipant<ISiloLifecycle>))
            {
                silo.Services.Remove(service);
                silo.Services.Add(new(service.ServiceType, Path, (services, _) => Make(service, services), ServiceLifetime.Singleton));
            }
        }
    }

    public static void Map(WebApplication app)
    {
        var dashboard = new Lazy<Task<RequestDelegate>>(() => OpenAsync(app.Services));
        app.MapGet($"{Path}/{{**path}}", async (HttpContext http) =>
        {
            var open = await dashboard.Value;
            PageHeaders.Set(http, Policy);
            // Who may is settled; which of its pages, its own routing says.
            http.SetEndpoint(null);
            await open(http);
        }).ExcludeFromDescription().RequireDashboardAccess();
    }

    private static async Task<RequestDelegate> OpenAsync(IServiceProvider services)
    {
        // A life of its own, begun now: the host's began long ago.
        var life = ActivatorUtilities.CreateInstance<SiloLifecycleSubject>(services);
        foreach (var participant in services.GetKeyedServices<ILifecycleParticipant<ISiloLifecycle>>(Path))
        {
            participant.Participate(life);
        }

        await life.OnStart(CancellationToken.None);
        foreach (var service in services.GetKeyedServices<IHostedService>(Path))
        {
            await service.StartAsync(CancellationToken.None);
        }

        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(routes => routes.MapOrleansDashboard(Path).RequireDashboardAccess());
        return branch.Build();
    }

    private static object Make(ServiceDescriptor service, IServiceProvider services) =>
        service.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, service.ImplementationType!);
}
