using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChargeCars.Money.Numbering;

/// <summary>Registration of what gives and lists numbers.</summary>
public static class NumberServices
{
    /// <summary>Adds the stores of the grain and of the lists. Needs an <c>NpgsqlDataSource</c> and, for the grain, a <c>GroupCommit</c>.</summary>
    /// <exception cref="ChargeCars.Platform.Storage.StartupException">This machine does not know the time zone that the year is reckoned in.</exception>
    public static IServiceCollection AddNumbers(this IServiceCollection services)
    {
        BusinessYear.EnsureKnown();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NumberStore>();
        services.AddSingleton<NumberLists>();
        return services;
    }
}
