using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet;

/// <summary>A place on the map, degrees WGS84.</summary>
public readonly record struct MapPoint(double Latitude, double Longitude);

/// <summary>A drive as it is expected to be.</summary>
/// <param name="RoadMeters">Metres by road.</param>
/// <param name="Seconds">How long it lasts.</param>
public readonly record struct RouteEstimate(double RoadMeters, double Seconds);

/// <summary>
/// Tells how long drives to one place last. A routing service takes the place of <see cref="StraightLineEstimator"/> by
/// being registered as one.
/// </summary>
public interface IRouteEstimator
{
    /// <summary>How the estimates come about, for whoever reads them.</summary>
    string Method { get; }

    /// <summary>One estimate for each start, in their order; null where there is no way.</summary>
    ValueTask<IReadOnlyList<RouteEstimate?>> EstimateAsync(IReadOnlyList<MapPoint> from, MapPoint to, CancellationToken cancellation);
}

/// <summary>The straight line times a factor, at speeds that grow with the distance: the first kilometres are streets.</summary>
public sealed class StraightLineEstimator(IOptions<RouteOptions> options) : IRouteEstimator
{
    private readonly double _factor = options.Value.RoadFactor;
    private readonly IReadOnlyList<SpeedBand> _bands = options.Value.Bands;

    /// <inheritdoc/>
    public string Method => FormattableString.Invariant($"great circle × {_factor}; ")
        + string.Join(", ", _bands.Select(band => band.UpToKm is { } end
            ? FormattableString.Invariant($"up to {end} km at {band.Kmh} km/h")
            : FormattableString.Invariant($"beyond at {band.Kmh} km/h")));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RouteEstimate?>> EstimateAsync(IReadOnlyList<MapPoint> from, MapPoint to, CancellationToken cancellation) =>
        new([.. from.Select(start => (RouteEstimate?)Estimate(Geo.Distance(start.Latitude, start.Longitude, to.Latitude, to.Longitude)))]);

    /// <summary>The drive over a distance in metres.</summary>
    public RouteEstimate Estimate(double meters)
    {
        var kilometers = meters * _factor / 1000;
        var (hours, driven) = (0.0, 0.0);
        foreach (var band in _bands)
        {
            var part = Math.Min(kilometers, band.UpToKm ?? double.PositiveInfinity) - driven;
            if (part <= 0)
            {
                break;
            }

            hours += part / band.Kmh;
            driven += part;
        }

        return new(kilometers * 1000, hours * 3600);
    }
}
