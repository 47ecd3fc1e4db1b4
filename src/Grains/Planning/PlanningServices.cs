using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Planning;

/// <summary>Registration of what plans routes.</summary>
public static class PlanningServices
{
    /// <summary>A routing service that was registered before stays in place of the built-in travel times.</summary>
    public static IServiceCollection AddPlanning(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TravelOptions>, TravelOptions.Validator>();
        services.AddOptions<TravelOptions>().BindConfiguration(TravelOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PlanningOptions>, PlanningOptions.Validator>();
        services.AddOptions<PlanningOptions>().BindConfiguration(PlanningOptions.Section).ValidateOnStart();
        services.TryAddSingleton<ITravelTimes, StraightLineTravelTimes>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<NightPlaces>();
        services.AddSingleton<PlannedDayReader>();
        services.AddSingleton<ArrivalBoard>();
        services.AddSingleton<DayForecaster>();
        services.AddSingleton<ArrivalTeller>();
        return services;
    }
}
