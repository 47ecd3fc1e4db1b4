using ChargeCars.Planning.Routes;
using ChargeCars.Platform;

namespace ChargeCars.Planning;

/// <summary>What is expected of today's visits, from where the vans are: worked out once for all who ask within <see cref="Fresh"/>.</summary>
public sealed class ArrivalBoard(PlannedDayReader days, RoutePlanner planner, TimeProvider time)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<Guid, VisitForecast>>? _known;
    private DateTimeOffset _since;

    /// <summary>The forecasts by their visits. Whoever may not see positions must not be answered by it.</summary>
    public Task<IReadOnlyDictionary<Guid, VisitForecast>> NowAsync()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_known is null or { IsFaulted: true } or { IsCanceled: true } || now - _since > Fresh || now < _since)
            {
                // Shared by all waiters, so no single caller can cancel it.
                (_known, _since) = (ReadAsync(now), now);
            }

            return _known;
        }
    }

    /// <summary>What is expected of a visit at this moment; null where nobody can say. For who has just changed something of it.</summary>
    public async Task<VisitForecast?> AnewAsync(Guid visit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var day = await days.ReadAsync(WallClock.DateOf(now), visit, cancellation);
        return (await ExpectAsync(day, planner, now, fromPositions: true, cancellation)).GetValueOrDefault(visit);
    }

    private async Task<IReadOnlyDictionary<Guid, VisitForecast>> ReadAsync(DateTimeOffset now) =>
        await ExpectAsync(await days.ReadAsync(WallClock.DateOf(now), null, CancellationToken.None), planner, now, fromPositions: true, CancellationToken.None);

    /// <summary>The forecasts of a day.</summary>
    /// <param name="day">The day; today's.</param>
    /// <param name="planner">Who works them out.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="fromPositions">Whether where the vans are may tell; else only what is planned and reported.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<Dictionary<Guid, VisitForecast>> ExpectAsync(
        PlannedDay day, RoutePlanner planner, DateTimeOffset now, bool fromPositions, CancellationToken cancellation)
    {
        var forecasts = new Dictionary<Guid, VisitForecast>();
        var driven = day.Visits.Where(visit => visit.TeamId is not null || visit.VehicleId is not null);
        foreach (var route in driven.GroupBy(visit => (visit.TeamId, visit.VehicleId)))
        {
            if (day.CrewOf(route.Key.TeamId, route.Key.VehicleId) is not { } crew)
            {
                continue;
            }

            var live = fromPositions && crew.Vehicle is { } van ? day.Vans.GetValueOrDefault(van.Id) : null;
            foreach (var forecast in await planner.ExpectAsync(crew, [.. route], live, now, cancellation))
            {
                forecasts[forecast.VisitId] = forecast;
            }
        }

        return forecasts;
    }
}
