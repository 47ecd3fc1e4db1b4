using ChargeCars.Storage;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Vehicles.Motion;

/// <summary>
/// One vehicle's motion beside its grain. In memory it is ahead of the disk, which is no harm: what is on disk is the
/// fold's memory up to some fix, and an activation folds on from there. So nothing here holds a fix up. A turn is written
/// soon after it was found, a late fix repairs the legs that it belongs to, and only then the vehicle follows. All on
/// the grain's own thread.
/// </summary>
internal sealed partial class VehicleMotion(Guid vehicleId, MotionParts parts, FollowVehicle follow) : IFixFollower
{
    private readonly List<Leg> _legs = []; // From the one that lasts on disk to the one that lasts.
    private readonly List<NewChange> _news = [];
    private readonly List<PositionFix> _backlog = []; // What came while the fixes on disk were read.

    private MotionCheckpoint _saved = MotionCheckpoint.None;
    private MotionState? _state;
    private FixKey _newest = new(DateTimeOffset.MinValue, "");
    private bool _lost; // What is on disk of the motion is not known.
    private bool _behind; // There may be fixes on disk after the state's head.
    private bool _late; // There may be fixes on disk before it that it has not seen.
    private bool _refolding;
    private Task _settling = Task.CompletedTask;
    private long _offeredAt;

    private bool IsDirty => _legs.Count > 1 || _news.Count > 0 || (_saved.Version == 0 && _legs.Count > 0);

    /// <summary>Begins with what an activation found, and does what the one before left undone.</summary>
    public void Restore(LastKnown known)
    {
        (_saved, _state) = (known.Motion, known.Motion.State);
        if (_state is { } state)
        {
            _legs.Add(Leg.Open(state));
        }

        if (known.Live is { } live)
        {
            // After every source of that moment.
            _newest = new(live.FixTime, "\uffff");
            _behind = _state is null || _state.Value.Head.FixTime < live.FixTime;
        }

        _late = known.HasLateFixes;
        if (_behind || _late || _saved.Due is not null)
        {
            _ = SettleAsync();
        }
    }

    public void OnStored(ReadOnlySpan<PositionFix> fixes)
    {
        foreach (ref readonly var fix in fixes)
        {
            if (Compare(fix, _newest) <= 0)
            {
                _late = true;
                continue;
            }

            _newest = new(fix.FixTime, fix.Source);
            if (_refolding)
            {
                _backlog.Add(fix);
            }
            else if (!_behind)
            {
                FoldUnlessRead(fix);
            }
        }

        if (_lost || _behind || _late || IsDirty || _saved.Due is not null)
        {
            _ = SettleAsync();
        }
        else if (_state is { } state && parts.Time.GetElapsedTime(_offeredAt) >= parts.Options.CheckpointInterval)
        {
            _offeredAt = parts.Time.GetTimestamp();
            parts.Checkpoints.Offer(vehicleId, _saved.Version, state);
        }
    }

    public void OnOutcomeUnknown() => _behind = _late = true;

    /// <summary>
    /// Done when what is on disk of the motion is what follows from the fixes on disk; or when that must be tried again,
    /// which the next fix or reader does. Never throws.
    /// </summary>
    public Task SettleAsync() => _settling.IsCompleted ? _settling = RunAsync() : _settling;

    private async Task RunAsync()
    {
        try
        {
            while (await TakeStepAsync())
            {
            }
        }
        // Whatever it was, the fixes are on disk, and the next one or a reader begins again from there.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotSettled(parts.Logger, vehicleId, fault);
            _lost = true;
        }
    }

    /// <summary>False when nothing is left to do, or it can't be done now.</summary>
    private async Task<bool> TakeStepAsync()
    {
        if (_lost)
        {
            await ReloadAsync();
            return true;
        }

        if (_saved.Due is { } due)
        {
            return await CarryOutAsync(due);
        }

        if (IsDirty)
        {
            return await SaveAsync() || _lost;
        }

        return (_behind || _late) && (await RefoldAsync() || _lost);
    }

    private async Task ReloadAsync()
    {
        _behind = _late = true;
        _refolding = false;
        _backlog.Clear();
        _saved = await parts.Store.LoadAsync(vehicleId);
        _state = _saved.State;
        _legs.Clear();
        _news.Clear();
        if (_state is { } state)
        {
            _legs.Add(Leg.Open(state));
        }

        _lost = false;
    }

    private async Task<bool> CarryOutAsync(DueCommand due)
    {
        var result = await follow(due.Command, new CommandContext(due.Id, Actor.System, MayRepeat: true));
        if (result.Error is TryAgain)
        {
            return false;
        }

        // Any other refusal is an answer: there is no such arrow, or no such vehicle any more.
        await parts.Store.CarriedOutAsync(vehicleId, _saved.Version);
        _saved = _saved with { Due = null };
        return true;
    }

    private async Task<bool> SaveAsync()
    {
        var (legs, news, state) = (_legs.ToArray(), _news.ToArray(), _state!.Value);
        var saved = await CommitAsync(state, legs, [], legs[0].Start.Time, null, [], news, turned: legs.Length > 1);
        if (saved)
        {
            _legs.RemoveRange(0, legs.Length - 1);
            _news.RemoveRange(0, news.Length);
        }

        return saved;
    }

    private async Task<bool> RefoldAsync()
    {
        _refolding = true;
        using (await parts.TakeTurnAsync())
        {
            // What a later write leaves unknown or late while this one reads is not lost on it.
            (var behind, _behind, _late) = (_behind, false, false);
            // Without a state nothing was folded: then the history begins with the first fix there is.
            if (await parts.Store.LateAsync(vehicleId) is { } late
                && !await RepairAsync(_state is null ? late with { First = DateTimeOffset.MinValue } : late))
            {
                return false;
            }

            if (behind)
            {
                await foreach (var fix in parts.Store.FixesAfterAsync(vehicleId, _state?.Head ?? new(DateTimeOffset.MinValue, "")))
                {
                    Fold(fix);
                }
            }
        }

        _refolding = false;
        foreach (var fix in _backlog)
        {
            FoldUnlessRead(fix);
        }

        _backlog.Clear();
        return true;
    }

    private async Task<bool> RepairAsync(LateFixes late)
    {
        var stored = await parts.Store.LegsAroundAsync(vehicleId, late.First);
        var repair = new MotionRepair(parts.Fold, stored, late);
        await foreach (var fix in parts.Store.FixesAfterAsync(vehicleId, repair.After))
        {
            if (repair.Take(fix))
            {
                break;
            }
        }

        var state = repair.Kept is not null || repair.State is null ? _state : repair.State;
        if (state is null || repair.Legs.Count == 0)
        {
            return true;
        }

        NewChange[] news = repair.Changes ? [parts.News.Repaired(vehicleId, repair)] : [];
        var turned = _state is { } before && before.Driving != state.Value.Driving;
        if (!await CommitAsync(state.Value, [.. repair.Legs], repair.Replaced, repair.From, repair.Kept?.Start.Time, late.Marks, news, turned))
        {
            return false;
        }

        _state = state;
        _legs.Clear();
        _legs.Add(Leg.Open(state.Value));
        return true;
    }

    private async Task<bool> CommitAsync(
        MotionState state, Leg[] legs, IReadOnlyList<Leg> replaced, DateTimeOffset from, DateTimeOffset? until, long[] marks, NewChange[] news, bool turned)
    {
        var (uncounted, command) = Mileage.After(_saved.Uncounted, legs, replaced, turned ? state.Driving : null);
        var id = Guid.CreateVersion7(parts.Time.GetUtcNow());
        var next = new MotionCheckpoint(_saved.Version + 1, state, uncounted, command is null ? null : new(id, command));
        if (await parts.Store.SaveAsync(vehicleId, id, new(next, legs, from, until, marks, news)))
        {
            _saved = next;
            return true;
        }

        // Another activation lives, or lived, elsewhere: what is on disk is the truth.
        LogFenced(parts.Logger, vehicleId);
        _lost = true;
        return false;
    }

    /// <summary>
    /// A fix may be read from the disk before its writer's answer comes. Those up to the head were: a vehicle's fixes become
    /// visible in the order of their writes.
    /// </summary>
    private void FoldUnlessRead(in PositionFix fix)
    {
        if (_state is not { } state || Compare(fix, state.Head) > 0)
        {
            Fold(fix);
        }
    }

    private void Fold(in PositionFix fix)
    {
        if (_state is not { } state)
        {
            _state = parts.Fold.Begin(fix);
            _legs.Add(Leg.Open(_state.Value));
            return;
        }

        var next = parts.Fold.Step(state, fix, out var turn);
        if (turn is not null)
        {
            _legs[^1] = _legs[^1] with { End = turn.At };
            _news.Add(parts.News.Turned(vehicleId, _legs[^1]));
            _legs.Add(Leg.Open(turn.To));
        }

        if (next.Speeding && !state.Speeding)
        {
            _news.Add(parts.News.Overspeed(vehicleId, fix));
        }

        _state = next;
    }

    private static int Compare(in PositionFix fix, in FixKey key) =>
        fix.FixTime.CompareTo(key.FixTime) is not 0 and var order ? order : string.CompareOrdinal(fix.Source, key.Source);

    [LoggerMessage(LogLevel.Warning, "The motion of vehicle {VehicleId} is not written yet; the next fix or reader tries again")]
    private static partial void LogNotSettled(ILogger logger, Guid vehicleId, Exception fault);

    [LoggerMessage(LogLevel.Information, "The motion of vehicle {VehicleId} was written elsewhere; it is read again")]
    private static partial void LogFenced(ILogger logger, Guid vehicleId);
}
