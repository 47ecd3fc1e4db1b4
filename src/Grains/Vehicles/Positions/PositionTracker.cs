namespace ChargeCars.Vehicles.Positions;

/// <summary>
/// What one vehicle must know to judge its fixes: the live position, the keys of the last fixes, and a far fix that the
/// next one may confirm. Judging runs ahead of the commits; the live position follows them (<see cref="Moved"/>).
/// </summary>
internal sealed class PositionTracker(Guid vehicleId, PositionOptions options)
{
    private readonly RecentFixes _recent = new();

    // Where the fixes judged so far lead, committed or not.
    private Sighting? _head;

    // A newer fix that is too far away. If another one agrees with it, the live position was the wrong one.
    private Sighting? _candidate;

    // Nothing newer than this can be on disk; anything else may be, remembered or not.
    private DateTimeOffset _horizon = DateTimeOffset.MinValue;

    /// <summary>The newest position on disk; it never moves back in fix time.</summary>
    public LivePosition? Live { get; private set; }

    /// <summary>Begins where the database says the vehicle was last.</summary>
    public void Restore(LivePosition? newest)
    {
        Live = newest;
        _head = newest is { } known ? Sighting.Of(known) : null;
        _horizon = newest?.FixTime ?? DateTimeOffset.MinValue;
    }

    /// <summary>Judges fixes in the order in which they came.</summary>
    public Judgement Judge(ReadOnlySpan<PositionFix> fixes, DateTimeOffset now, VehicleStatus status, WorkingHours? hours = null)
    {
        var results = new FixResult[fixes.Length];
        var good = new PositionFix[fixes.Length];
        var count = 0;
        var newest = -1;
        var (suspect, repeats, late) = (false, false, false);
        var before = _horizon;
        for (var i = 0; i < fixes.Length; i++)
        {
            var fix = PositionJudge.Normalize(fixes[i]);
            results[i] = Judge(fix, now, hours);
            switch (results[i].Outcome)
            {
                case FixOutcome.Accepted:
                    newest = count;
                    break;
                case FixOutcome.Stored:
                    break;
                case FixOutcome.Duplicate:
                    repeats = true;
                    continue;
                default:
                    continue;
            }

            suspect |= fix.FixTime <= _horizon;
            late |= fix.FixTime <= before;
            _horizon = fix.FixTime > _horizon ? fix.FixTime : _horizon;
            _recent.Add(fix);
            good[count++] = fix;
        }

        Array.Resize(ref good, count);
        return new(results, good, newest < 0 ? null : At(good[newest], status), suspect, repeats, late ? before : null);
    }

    /// <summary>The position is on disk.</summary>
    public void Moved(in LivePosition live)
    {
        if (Live is not { } before || live.FixTime > before.FixTime)
        {
            Live = live;
        }

        if (_head is null || live.FixTime > _head.Value.FixTime)
        {
            _head = Sighting.Of(live);
        }
    }

    /// <summary>
    /// A write failed, and whether it reached the disk is unknown: what was judged since the last commit is judged anew
    /// when it is sent again, and the database says what it has.
    /// </summary>
    public void Undo()
    {
        _recent.Clear();
        _candidate = null;
        _head = Live is { } live ? Sighting.Of(live) : null;
    }

    private FixResult Judge(in PositionFix fix, DateTimeOffset now, WorkingHours? hours)
    {
        if (PositionJudge.Fault(fix, now, options) is { } fault)
        {
            return fault;
        }

        if (hours is not null && !WorkingHoursRules.Contains(hours, fix.FixTime))
        {
            return new(FixOutcome.OffHours, "outside the vehicle's working hours: private, and not kept");
        }

        if (_head is { } head && fix.FixTime <= head.FixTime)
        {
            return _recent.SamePlace(fix) is { } same ? new(FixOutcome.Duplicate, same ? Judgement.OnDisk : Judgement.OtherPlace) : new(FixOutcome.Stored);
        }

        var sighting = Sighting.Of(fix);
        if (_head is { } from && !PositionJudge.IsReachable(from, sighting, options) && !Confirms(sighting))
        {
            _candidate = sighting;
            return PositionJudge.TooFar(from, sighting);
        }

        _candidate = null;
        _head = sighting;
        return new(FixOutcome.Accepted);
    }

    // Another moment's fix: the same one sent twice agrees with itself and proves nothing.
    private bool Confirms(in Sighting sighting) => _candidate is { } candidate
        && candidate.FixTime != sighting.FixTime
        && PositionJudge.IsReachable(candidate, sighting, options);

    private LivePosition At(in PositionFix fix, VehicleStatus status) => new(
        vehicleId, fix.FixTime, fix.Latitude, fix.Longitude, fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters, status);
}

/// <summary>What a vehicle makes of a batch.</summary>
/// <param name="Results">One for each fix, in their order; true once <paramref name="Store"/> is on disk.</param>
/// <param name="Store">The fixes to put on disk, in their order.</param>
/// <param name="Live">The position that they move the vehicle to; null where they don't.</param>
/// <param name="Suspect">Whether one of them may be on disk already.</param>
/// <param name="Repeats">Whether one repeats a fix that may still be under way to the disk.</param>
/// <param name="LateUntil">Those up to this time come after later ones; null where none does.</param>
internal sealed record Judgement(
    FixResult[] Results, PositionFix[] Store, LivePosition? Live, bool Suspect, bool Repeats, DateTimeOffset? LateUntil)
{
    public const string OnDisk = "this fix time is on disk already";

    public const string OtherPlace = "this fix time is on disk already, with another place: do two trackers send one id?";

    /// <summary>The database knew better: these of <see cref="Store"/> were on disk before.</summary>
    public void Mark(bool[] duplicates)
    {
        var stored = 0;
        for (var i = 0; i < Results.Length; i++)
        {
            if (Results[i].Outcome is FixOutcome.Accepted or FixOutcome.Stored && duplicates[stored++])
            {
                Results[i] = new(FixOutcome.Duplicate, OnDisk);
            }
        }
    }
}
