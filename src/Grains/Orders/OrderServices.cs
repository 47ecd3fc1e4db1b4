using ChargeCars.Catalogue.PriceLists;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Orders;

/// <summary>Registration of what orders and visits need.</summary>
public static class OrderServices
{
    /// <summary>Adds what runs beside the grains, on hosts with a silo.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<VisitOptions>, VisitOptions.Validator>();
        services.AddOptions<VisitOptions>().BindConfiguration(VisitOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<VisitOverlaps>()
            .AddSingleton<VisitFiles>()
            .AddSingleton<OverdueWatch>()
            .AddDueCommandHandler<RecomputeDeadlines, DeadlineRecomputation>()
            .AddDueCommandHandler<SetVisitFence, VisitFence>()
            .AddDueCommandHandler<ClearVisitFence, VisitFence>()
            .AddHostedService(provider => provider.GetRequiredService<OverdueWatch>());
    }

    /// <summary>Adds the calendars that deadlines and routes count by; before Orleans, so that the first order finds them known.</summary>
    public static IServiceCollection AddCalendars(this IServiceCollection services) => services
        .AddSingleton<BusinessCalendars>()
        .AddHostedService(provider => provider.GetRequiredService<BusinessCalendars>());

    /// <summary>Adds what the API reads.</summary>
    public static IServiceCollection AddOrderQueries(this IServiceCollection services) => services.AddSingleton<PriceQueries>().AddSingleton<StatusBoard>();
}
