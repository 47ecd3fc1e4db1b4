using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet;

/// <summary>One reason why a vehicle can't take a job now.</summary>
/// <param name="Code">A stable name, for programs.</param>
/// <param name="Detail">For the reader.</param>
public sealed record JobObstacle(string Code, string Detail);

/// <summary>Whether a vehicle can take a job now: pure. All that stands in the way is named.</summary>
public static class JobFitness
{
    /// <summary>Whether nothing stands in the way but, perhaps, how old its position is.</summary>
    /// <param name="isActive">Whether the vehicle is in active use.</param>
    /// <param name="isAvailable">Whether planning may use it.</param>
    /// <param name="status">What it is doing.</param>
    /// <param name="isBusy">Whether it is under way to a visit or at one.</param>
    public static bool IsFit(bool isActive, bool isAvailable, VehicleStatus status, bool isBusy) =>
        isActive && isAvailable && !isBusy && status is not (VehicleStatus.Maintenance or VehicleStatus.OnSite);

    /// <summary>What stands in the way; empty where nothing does.</summary>
    /// <param name="isActive">Whether the vehicle is in active use.</param>
    /// <param name="isAvailable">Whether planning may use it.</param>
    /// <param name="status">What it is doing.</param>
    /// <param name="freshness">How old its position is.</param>
    /// <param name="visitStatus">The status of a visit that it is under way to or at; null for none.</param>
    public static IReadOnlyList<JobObstacle> Reasons(
        bool isActive, bool isAvailable, VehicleStatus status, Freshness freshness, string? visitStatus)
    {
        var reasons = new List<JobObstacle>();
        Add(!isActive, "inactive", "It is not in active use.");
        Add(!isAvailable, "not_available", "It is not free for assignment.");
        Add(status == VehicleStatus.Maintenance, "in_maintenance", "It is in maintenance.");
        Add(status == VehicleStatus.OnSite || visitStatus is "on_site" or "in_progress" or "paused", "on_site", "It is at a visit.");
        Add(visitStatus == "en_route", "en_route", "It is under way to a visit.");
        Add(freshness == Freshness.Offline, "offline", "It has not been heard of for too long to know where it is.");
        Add(freshness == Freshness.Unknown, "position_unknown", "It has never been heard of.");
        return reasons;

        void Add(bool stands, string code, string detail)
        {
            if (stands)
            {
                reasons.Add(new(code, detail));
            }
        }
    }
}
