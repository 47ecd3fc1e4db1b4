using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Silo.Demo;

/// <summary>A van that reports by the clock: how far it has, and what waits for a network.</summary>
internal sealed class DemoVan(Guid id, Van van, Tracker tracker, DateTimeOffset reportedUntil)
{
    private readonly List<PositionFix> _waiting = [];
    private DateTimeOffset _reportedUntil = reportedUntil;

    /// <summary>The vehicle's id.</summary>
    public Guid Id => id;

    /// <summary>What is known of it beforehand.</summary>
    public Van Van => van;

    /// <summary>Its visits of today and tomorrow; none until they are planned.</summary>
    public IReadOnlyList<DemoVisit> Visits { get; set; } = [];

    /// <summary>What it sees.</summary>
    public Tracker Tracker => tracker;

    /// <summary>Whether its row says that it drives.</summary>
    public bool IsDriving { get; set; }

    /// <summary>What it sends at this moment: nothing where there is no network, later everything at once.</summary>
    public IReadOnlyList<PositionFix> Report(DateTimeOffset now, int step)
    {
        _waiting.AddRange(tracker.Fixes(_reportedUntil, now, step));
        _reportedUntil = now;
        if (_waiting.Count == 0 || tracker.IsHidden(_waiting[^1]))
        {
            return [];
        }

        PositionFix[] report = [.. _waiting];
        _waiting.Clear();
        return report;
    }
}
