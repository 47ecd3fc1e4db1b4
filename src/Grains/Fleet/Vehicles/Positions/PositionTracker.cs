namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// What one vehicle must know to judge its fixes: the live position, the keys of the last fixes, and a far fix that
/// another one may prove right (docs/adr/0031). Judging runs ahead of the commits; the live position follows them (<see cref="Moved"/>).
/// </summary>
internal sealed class PositionTracker(Guid vehicleId, PositionOptions options)
{
    private readonly RecentFixes _recent = new();

    // Where the fixes judged so far lead, committed or not.
    private Sighting? _head;

    // A fix that contradicts the live position. If another one agrees with it, the live position was the wrong one.
    private Doubt? _doubt;

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
        var (results, good) = (new FixResult[fixes.Length], new PositionFix[fixes.Length]);
        PositionFix? newest = null;
        PositionFix? earlier = null;
        var (suspect, repeats, late, corrected) = (false, false, false, false);
        var before = _horizon;
        for (var i = 0; i < fixes.Length; i++)
        {
            good[i] = PositionJudge.PutRight(PositionJudge.Normalize(fixes[i]), now, options);
            corrected |= good[i].FixTime - fixes[i].FixTime > TimeSpan.Zero;
            results[i] = Judge(good[i], now, hours, out var proven);
            repeats |= results[i].Outcome == FixOutcome.Duplicate;
            if (proven is { } right)
            {
                Take(right);
                var isNewest = _head == Sighting.Of(right);
                newest = isNewest ? right : newest;
                // It was refused in this very answer, which now says otherwise, or in one that has gone out: that is one at most.
                if (good.AsSpan(0, i).IndexOf(right) is >= 0 and var index)
                {
                    results[index] = new(isNewest ? FixOutcome.Accepted : FixOutcome.Stored);
                }
                else
                {
                    earlier = right;
                }
            }

            if (results[i].Outcome is FixOutcome.Accepted or FixOutcome.Stored)
            {
                Take(good[i]);
                newest = results[i].Outcome == FixOutcome.Accepted ? good[i] : newest;
            }
        }

        return new(results, Stored(results, good, earlier), newest is { } live ? At(live, status) : null, suspect, repeats, late ? before : null, corrected);

        void Take(in PositionFix fix)
        {
            suspect |= fix.FixTime <= _horizon;
            late |= fix.FixTime <= before;
            _horizon = fix.FixTime > _horizon ? fix.FixTime : _horizon;
            _recent.Add(fix);
        }
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
        _doubt = null;
        _head = Live is { } live ? Sighting.Of(live) : null;
    }

    /// <summary>A fix that was refused and may be private now is not stored with a later one.</summary>
    public void ForgetDoubt() => _doubt = null;

    /// <param name="fix">The fix, its time as PostgreSQL has it.</param>
    /// <param name="now">The time.</param>
    /// <param name="hours">When it may be kept.</param>
    /// <param name="proven">One that was refused and that this one proves right: to be stored with it.</param>
    private FixResult Judge(in PositionFix fix, DateTimeOffset now, WorkingHours? hours, out PositionFix? proven)
    {
        proven = null;
        if (PositionJudge.Fault(fix, now, options) is { } fault)
        {
            return fault;
        }

        if (hours is not null && !WorkingHoursRules.Contains(hours, fix.FixTime))
        {
            return new(FixOutcome.OffHours, "outside the vehicle's working hours: private, and not kept");
        }

        if (_head is { } head)
        {
            if (fix.FixTime <= head.FixTime && _recent.SamePlace(fix) is { } same)
            {
                return new(FixOutcome.Duplicate, same ? Judgement.OnDisk : Judgement.OtherPlace);
            }

            if (!IsBelieved(fix, head, out proven))
            {
                return PositionJudge.TooFar(head, Sighting.Of(fix));
            }
        }

        if (_head is { } newest && fix.FixTime <= newest.FixTime)
        {
            return new(FixOutcome.Stored);
        }

        _head = Sighting.Of(fix);
        return new(FixOutcome.Accepted);
    }

    /// <summary>
    /// A late fix always is. One that agrees with the fix that contradicts the live position overrules that, whichever of the
    /// three came first.
    /// </summary>
    private bool IsBelieved(in PositionFix fix, in Sighting head, out PositionFix? proven)
    {
        proven = null;
        var isLate = fix.FixTime <= head.FixTime;
        var agrees = PositionJudge.IsReachable(head, Sighting.Of(fix), options);
        if (_doubt is not { } doubt)
        {
            if (!agrees)
            {
                _doubt = new(fix, IsStored: isLate);
            }

            return isLate || agrees;
        }

        // Another moment's fix: the same one sent twice agrees with itself and proves nothing.
        var confirms = doubt.Fix.FixTime != fix.FixTime && PositionJudge.IsReachable(Sighting.Of(doubt.Fix), Sighting.Of(fix), options);
        if (confirms && !(isLate && (agrees || doubt.IsStored)))
        {
            proven = doubt.IsStored ? null : doubt.Fix;
            _head = doubt.Fix.FixTime > head.FixTime ? Sighting.Of(doubt.Fix) : head;
            _doubt = null;
            return true;
        }

        if (!isLate)
        {
            _doubt = !agrees ? new(fix, IsStored: false) : doubt.Fix.FixTime > fix.FixTime ? doubt : null;
        }

        return isLate || agrees;
    }

    // In the order of their results, so that what the database says of them can be told; the one of an earlier answer last.
    private static PositionFix[] Stored(FixResult[] results, PositionFix[] judged, PositionFix? earlier)
    {
        var count = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome is FixOutcome.Accepted or FixOutcome.Stored)
            {
                judged[count++] = judged[i];
            }
        }

        Array.Resize(ref judged, earlier is null ? count : count + 1);
        if (earlier is { } last)
        {
            judged[count] = last;
        }

        return judged;
    }

    private LivePosition At(in PositionFix fix, VehicleStatus status) => new(
        vehicleId, fix.FixTime, fix.Latitude, fix.Longitude, fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters, status);

    /// <param name="Fix">What contradicts the live position: a newer one that was refused, or one that came late.</param>
    /// <param name="IsStored">Whether it came late and is stored.</param>
    private readonly record struct Doubt(PositionFix Fix, bool IsStored);
}

/// <summary>What a vehicle makes of a batch.</summary>
/// <param name="Results">One for each fix, in their order; true once <paramref name="Store"/> is on disk.</param>
/// <param name="Store">The fixes to put on disk, in the results' order; after them perhaps one that an earlier answer refused.</param>
/// <param name="Live">The position that they move the vehicle to; null where they don't.</param>
/// <param name="Suspect">Whether one of them may be on disk already.</param>
/// <param name="Repeats">Whether one repeats a fix that may still be under way to the disk.</param>
/// <param name="LateUntil">Those up to this time come after later ones; null where none does.</param>
/// <param name="Corrected">Whether the time of one was put right.</param>
internal sealed record Judgement(
    FixResult[] Results, PositionFix[] Store, LivePosition? Live, bool Suspect, bool Repeats, DateTimeOffset? LateUntil, bool Corrected)
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
