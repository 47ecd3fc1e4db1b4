using ChargeCars.Api.Platform.Search;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>Registration of the kinds of entities that the API serves.</summary>
internal static class EntityServices
{
    /// <summary>Adds a kind: its routes, what other kinds ask of it, and the search for it where it is findable.</summary>
    public static IServiceCollection AddEntity<TState, TDetails, TKind, TAccess>(this IServiceCollection services)
        where TState : class, TDetails, IEntityState, new()
        where TDetails : class
        where TKind : IEntityKind<TState, TDetails>
        where TAccess : IEntityAccess<TState, TDetails>
    {
        foreach (var mask in TAccess.Masks)
        {
            services.AddSingleton(mask);
        }

        return services.AddSingleton<EntityRoutes<TState, TDetails, TKind, TAccess>>()
            .AddSingleton<IEntityRoutes>(provider => provider.GetRequiredService<EntityRoutes<TState, TDetails, TKind, TAccess>>())
            .AddFindable<TState, TKind>(TAccess.Read, TAccess.Visible);
    }

    /// <summary>Adds what the kinds share.</summary>
    public static IServiceCollection AddEntityManner(this IServiceCollection services) =>
        services.AddSingleton<EntityDirectory>().AddSingleton<StatusQueries>().AddSingleton<DueCommandQueries>().AddSearch();

    /// <summary>Maps every kind that was added.</summary>
    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        foreach (var kind in routes.ServiceProvider.GetServices<IEntityRoutes>())
        {
            kind.Map(routes);
        }
    }
}
