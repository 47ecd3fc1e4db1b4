using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

/// <summary>Fixes of a van in Utrecht around a fixed noon.</summary>
internal static class Fixes
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static PositionFix At(double seconds, double latitude = 52.09, double longitude = 5.12) =>
        new(Noon.AddSeconds(seconds), latitude, longitude, 5, 50, 90, 1, 1000, true, "api");
}
