using ChargeCars.Api.Identity;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Search;

/// <summary>A kind that is searched for, and who may: the permission and the scope of its list, and nothing beside them.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Read">The permission to see its list.</param>
/// <param name="Visible">What a caller sees of its list; null for all.</param>
internal sealed record SearchScope(FindableKind Kind, string Read, Func<Caller, ScopeCondition?> Visible);

/// <summary>Registration of what is searched for.</summary>
internal static class SearchServices
{
    /// <summary>Adds the search itself.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services) => services.AddSingleton<SearchReader>().AddSingleton<ScopeSizes>().AddSingleton<IExpiringRows, WordRetention>().AddHostedService<SearchFilling>();

    /// <summary>Adds a kind where it declares by what it is found.</summary>
    public static IServiceCollection AddFindable<TState, TKind>(this IServiceCollection services, string read, Func<Caller, ScopeCondition?> visible)
        where TState : class, IEntityState, new()
        where TKind : IEntityTable<TState>
    {
        if (TKind.Findable is null)
        {
            return services;
        }

        var kind = new FindableKind<TState, TKind>();
        return services.AddSingleton<FindableKind>(kind).AddSingleton(new SearchScope(kind, read, visible));
    }
}
