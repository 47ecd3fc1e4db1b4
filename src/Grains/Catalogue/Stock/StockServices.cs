using ChargeCars.Catalogue.Chargers;
using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Catalogue.Stock;

/// <summary>Registration of what stock needs.</summary>
public static class StockServices
{
    /// <summary>Adds what the grains need, on hosts with a silo.</summary>
    public static IServiceCollection AddStock(this IServiceCollection services) => services
        .AddSingleton<StockStore>()
        .AddStockQueries()
        .AddDueCommandHandler<ExpireReservation, StockDue>()
        .AddDueCommandHandler<NeedStock, StockDue>()
        .AddDueCommandHandler<ReleaseOwned, StockDue>()
        .AddDueCommandHandler<ReleaseIfOver, StockDue>()
        .AddDueCommandHandler<RecordCharger, ChargerRecorder>()
        .AddSingleton<StockCheckService>()
        .AddHostedService(provider => provider.GetRequiredService<StockCheckService>());

    /// <summary>Adds the settings and the check, on all hosts.</summary>
    public static IServiceCollection AddStockCheck(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<StockOptions>, StockOptions.Validator>();
        services.AddOptions<StockOptions>().BindConfiguration(StockOptions.Section).ValidateOnStart();
        return services.AddSingleton<StockCheck>();
    }

    /// <summary>Adds what the API reads.</summary>
    public static IServiceCollection AddStockQueries(this IServiceCollection services)
    {
        services.TryAddSingleton<StockQueries>();
        return services;
    }
}
