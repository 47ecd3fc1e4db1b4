namespace ChargeCars.Planning.Routes;

/// <summary>
/// Tells how long drives last. A routing service (OSRM, Valhalla, VROOM's matrix) takes the place of the built-in estimate by
/// being registered as one.
/// </summary>
public interface ITravelTimes
{
    /// <summary>How the times come about, for whoever reads them.</summary>
    string Method { get; }

    /// <summary>The drives from every start to every destination, in one call.</summary>
    ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation);
}
