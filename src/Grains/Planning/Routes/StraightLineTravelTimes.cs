using Microsoft.Extensions.Options;

namespace ChargeCars.Planning.Routes;

/// <summary>A drive as it is expected to be.</summary>
/// <param name="RoadMeters">Metres by road.</param>
/// <param name="Seconds">How long it lasts.</param>
public readonly record struct DriveEstimate(double RoadMeters, double Seconds);

/// <summary>The straight line times a factor, at speeds that grow with the distance: the first kilometres are streets.</summary>
public sealed class StraightLineTravelTimes(IOptions<TravelOptions> options) : ITravelTimes
{
    private readonly double _factor = options.Value.RoadFactor;
    private readonly IReadOnlyList<SpeedBand> _bands = options.Value.Bands;

    /// <inheritdoc/>
    public string Method => FormattableString.Invariant($"great circle × {_factor}; ")
        + string.Join(", ", _bands.Select(band => band.UpToKm is { } end
            ? FormattableString.Invariant($"up to {end} km at {band.Kmh} km/h")
            : FormattableString.Invariant($"beyond at {band.Kmh} km/h")));

    /// <inheritdoc/>
    public ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation) =>
        new(Matrix(from, to));

    /// <summary>The same, at once.</summary>
    public TravelMatrix Matrix(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to)
    {
        var (seconds, meters) = (new int[from.Count * to.Count], new int[from.Count * to.Count]);
        // Between the same places the way back is as long as the way there: half of it is worked out.
        var symmetric = ReferenceEquals(from, to);
        for (var row = 0; row < from.Count; row++)
        {
            for (var column = symmetric ? row + 1 : 0; column < to.Count; column++)
            {
                var drive = Estimate(from[row].DistanceTo(to[column]));
                var cell = (row * to.Count) + column;
                (seconds[cell], meters[cell]) = ((int)Math.Round(drive.Seconds), (int)Math.Round(drive.RoadMeters));
                if (symmetric)
                {
                    var mirrored = (column * to.Count) + row;
                    (seconds[mirrored], meters[mirrored]) = (seconds[cell], meters[cell]);
                }
            }
        }

        return new(from.Count, to.Count, seconds, meters);
    }

    /// <summary>The drive over a distance in metres.</summary>
    public DriveEstimate Estimate(double meters)
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
