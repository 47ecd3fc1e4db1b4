using ChargeCars.Vehicles.Positions;

namespace ChargeCars.Silo.Demo;

/// <summary>A van that is on the road now: how far it has reported, and what waits for a network.</summary>
/// <param name="Id">The vehicle's id.</param>
/// <param name="Van">Who it is.</param>
/// <param name="Tracker">What it sees.</param>
internal sealed record DemoVan(Guid Id, Van Van, Tracker Tracker)
{
    private readonly List<PositionFix> _waiting = [];
    private DateTimeOffset _reportedUntil;
    private volatile bool _isLive;

    /// <summary>Up to when it has reported.</summary>
    public DateTimeOffset ReportedUntil { get => _reportedUntil; init => _reportedUntil = value; }

    /// <summary>Whether its past is made up for, so that it reports by the clock.</summary>
    public bool IsLive => _isLive;

    /// <summary>Whether its row says that it drives.</summary>
    public bool IsDriving { get; set; }

    /// <summary>Its past is on disk up to then; from now on the clock has it.</summary>
    public void GoLive(DateTimeOffset until)
    {
        _reportedUntil = until;
        _isLive = true;
    }

    /// <summary>What it sends at this moment: nothing where there is no network, later everything at once.</summary>
    public IReadOnlyList<PositionFix> Report(DateTimeOffset now, int step)
    {
        foreach (var fix in Tracker.Fixes(ReportedUntil, now, step))
        {
            _waiting.Add(fix);
        }

        _reportedUntil = now;
        if (_waiting.Count == 0 || Tracker.IsHidden(_waiting[^1]))
        {
            return [];
        }

        PositionFix[] report = [.. _waiting];
        _waiting.Clear();
        return report;
    }
}
