using ChargeCars.Planning.Routes;

namespace ChargeCars.Planning;

/// <summary>What is expected of today's visits, from where the vans are: worked out once for all who ask within <see cref="Fresh"/>.</summary>
public sealed class ArrivalBoard(DayForecaster forecaster, TimeProvider time)
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
                (_known, _since) = (ReadAsync(now, null, CancellationToken.None), now);
            }

            return _known;
        }
    }

    /// <summary>What is expected of a visit at this moment; null where nobody can say. For who has just changed something of it.</summary>
    public async Task<VisitForecast?> AnewAsync(Guid visit, CancellationToken cancellation) =>
        (await ReadAsync(time.GetUtcNow(), visit, cancellation)).GetValueOrDefault(visit);

    private async Task<IReadOnlyDictionary<Guid, VisitForecast>> ReadAsync(DateTimeOffset now, Guid? asked, CancellationToken cancellation)
    {
        var (_, crews) = await forecaster.ReadAsync(now, isLive: true, cancellation, asked);
        return crews.SelectMany(crew => crew.Forecasts).ToDictionary(forecast => forecast.VisitId);
    }
}
