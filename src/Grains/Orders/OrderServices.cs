using ChargeCars.Catalogue.PriceLists;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Orders;

/// <summary>Registration of what orders and visits need.</summary>
public static class OrderServices
{
    /// <summary>Adds what runs beside the grains, on hosts with a silo.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<VisitOverlaps>()
        .AddSingleton<VisitFiles>()
        .AddSingleton<OverdueWatch>()
        .AddHostedService(provider => provider.GetRequiredService<OverdueWatch>());

    /// <summary>Adds what the API reads.</summary>
    public static IServiceCollection AddOrderQueries(this IServiceCollection services) => services.AddSingleton<PriceQueries>().AddSingleton<StatusBoard>();
}
