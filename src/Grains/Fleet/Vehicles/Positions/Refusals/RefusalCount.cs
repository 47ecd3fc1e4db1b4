namespace ChargeCars.Fleet.Vehicles.Positions.Refusals;

/// <summary>Counts a vehicle's fixes that were refused, or put right, in a row.</summary>
internal sealed class RefusalCount
{
    /// <summary>The reason of a fix whose time was put right by whole eras of a GPS receiver's week counter.</summary>
    public const string WeekRollover = "week_rollover";

    private bool _isOver; // A fix was taken as it came since the last one.

    /// <summary>Null where none was refused yet.</summary>
    public LastRefusal? Last { get; private set; }

    /// <summary>Goes on from what is on disk.</summary>
    /// <param name="last">The last refusal.</param>
    /// <param name="takenAt">The fix time of the newest fix on disk, UTC.</param>
    public void Restore(LastRefusal? last, DateTimeOffset? takenAt) => (Last, _isOver) = (last, takenAt > last?.At);

    /// <summary>All fixes of a batch were taken as they came.</summary>
    public void Taken() => _isOver = true;

    /// <summary>Notes what became of a batch. True where <see cref="Last"/> has changed.</summary>
    public bool Note(ReadOnlySpan<PositionFix> fixes, ReadOnlySpan<FixResult> results, DateTimeOffset exact, PositionOptions options)
    {
        // To the microsecond, as PostgreSQL keeps it: memory and row say the same.
        var (now, before) = (exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerMicrosecond)), Last);
        var (count, since) = _isOver || Last is null ? (0, now) : (Last.Count, Last.Since);
        for (var i = 0; i < results.Length; i++)
        {
            var (outcome, detail) = (results[i].Outcome, results[i].Detail);
            var isTaken = outcome is FixOutcome.Accepted or FixOutcome.Stored;
            var isRolledOver = isTaken && PositionJudge.PutRight(fixes[i], now, options).FixTime != fixes[i].FixTime;
            if (isTaken && !isRolledOver)
            {
                _isOver = true;
            }
            else if (isRolledOver || outcome is not (FixOutcome.Duplicate or FixOutcome.OffHours or FixOutcome.UnknownVehicle))
            {
                var reason = isRolledOver ? WeekRollover : WireText.Of(outcome);
                (count, since) = _isOver || reason != Last?.Reason ? (1, now) : (count + 1, since);
                var isTimesFault = isRolledOver || outcome is FixOutcome.Future or FixOutcome.TooOld;
                Last = new(
                    reason, isRolledOver ? PositionJudge.RolledOver : detail ?? "", isTimesFault ? Math.Round((fixes[i].FixTime - now).TotalSeconds) : null,
                    since, now, count);
                _isOver = false;
            }
        }

        return Last != before;
    }
}
