using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// One vehicle's motion beside its grain. In memory it is ahead of the disk, which is no harm: what is on disk is the
/// fold's memory up to some fix, and an activation folds on from there. So nothing here holds a fix up. A turn is written
/// soon after it was found, a late fix repairs the legs that it belongs to, and only then the vehicle follows. All on
/// the grain's own thread.
/// </summary>
/// <param name="vehicleId">The vehicle.</param>
/// <param name="parts">What the motions of all vehicles share.</param>
/// <param name="follow">Sends the vehicle a command.</param>
/// <param name="status">The vehicle's status now; null where there is no vehicle any more.</param>
/// <param name="others">
/// What else must be made of fixes that came late. Their mark goes when that and the trips are on disk, so it may come again.
/// </param>
internal sealed partial class VehicleMotion(
    Guid vehicleId, MotionParts parts, FollowVehicle follow, Func<VehicleStatus?> status, Func<LateFixes, Task> others) : IFixFollower
{
    /// <summary>Fixes that wait in memory while those on disk are read; further ones are read from there as well.</summary>
    private const int MostWaiting = 10_000;

    /// <summary>Legs that are found in one go of a long history before they are written.</summary>
    private const int LegsAtOnce = 100;

    private readonly MotionDraft _draft = new(vehicleId, parts.Fold, parts.News);
    private readonly List<PositionFix> _waiting = []; // What came while the fixes on disk were read.
    private readonly StatusCheck _status = new(parts.Options);
    private readonly StoredMotion _stored = new(vehicleId, parts);

    private FixKey _newest = new(DateTimeOffset.MinValue, "");
    private bool _behind; // There may be fixes on disk after the state's head.
    private bool _late; // There may be fixes on disk before it that it has not seen.
    private bool _refolding;
    private Task _settling = Task.CompletedTask;

    private bool IsDirty => _draft.Legs.Count > 1 || _draft.News.Count > 0 || (_stored.State is null && _draft.State is not null);

    /// <summary>Begins with what an activation found, and does what the one before left undone.</summary>
    public void Restore(LastKnown known)
    {
        _stored.Restore(known.Motion);
        _draft.Reset(_stored.State);
        if (known.Live is { } live)
        {
            // After every source of that moment.
            _newest = new(live.FixTime, "\uffff");
            _behind = _stored.State is not { } state || state.Head.FixTime < live.FixTime;
        }

        _late = known.HasLateFixes;
        if (_behind || _late)
        {
            _ = SettleAsync();
        }
    }

    public void OnStored(ReadOnlySpan<PositionFix> fixes)
    {
        foreach (ref readonly var fix in fixes)
        {
            if (fix.CompareTo(_newest) <= 0)
            {
                _late = true;
                continue;
            }

            _newest = new(fix.FixTime, fix.Source);
            Take(fix);
        }

        if (_stored.IsLost || _behind || _late || IsDirty || Contradiction() is not null)
        {
            _ = SettleAsync();
        }
        else if (_stored.IsOfferDue)
        {
            Offer();
        }
    }

    public void OnOutcomeUnknown() => _behind = _late = true;

    /// <summary>
    /// Done when what is on disk of the motion is what follows from the fixes on disk; or when that must be tried again,
    /// which the next fix, a reader or <see cref="MotionWatch"/> does. Never throws.
    /// </summary>
    public Task SettleAsync() => _settling.IsCompleted ? _settling = RunAsync() : _settling;

    private void Take(in PositionFix fix)
    {
        if (_behind)
        {
            return; // It is on disk, and will be read there.
        }

        if (!_refolding)
        {
            _draft.FoldUnlessRead(fix);
        }
        else if (_waiting.Count < MostWaiting)
        {
            _waiting.Add(fix);
        }
        else
        {
            _behind = true;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (await TakeStepAsync())
            {
            }

            Offer();
        }
        // Whatever it was, the fixes are on disk, and the next one or a reader begins again from there.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotSettled(parts.Logger, vehicleId, fault);
            _stored.IsLost = true;
        }
    }

    /// <summary>False when nothing is left to do, or it can't be done now.</summary>
    private async Task<bool> TakeStepAsync()
    {
        if (_stored.IsLost)
        {
            await ReloadAsync();
            return true;
        }

        if (IsDirty)
        {
            return await SaveAsync() || _stored.IsLost;
        }

        if (_behind || _late)
        {
            return await RefoldAsync() || _stored.IsLost;
        }

        return Contradiction() is { } driving && await CorrectStatusAsync(driving);
    }

    private bool? Contradiction() => _draft.State is { } state ? _status.Contradiction(state, status(), parts.Time.GetUtcNow()) : null;

    private async Task<bool> CorrectStatusAsync(bool driving)
    {
        _status.Told(_draft.State!.Value, driving);
        var context = new CommandContext(Guid.CreateVersion7(parts.Time.GetUtcNow()), Actor.System, MayRepeat: true);
        await follow(new FollowMotion(driving), context);
        return true;
    }

    private async Task ReloadAsync()
    {
        _behind = _late = true;
        _refolding = false;
        _waiting.Clear();
        await _stored.LoadAsync();
        _draft.Reset(_stored.State);
    }

    private async Task<bool> SaveAsync()
    {
        var (legs, news, state) = (_draft.Legs.ToArray(), _draft.News.ToArray(), _draft.State!.Value);
        if (!await _stored.SaveAsync(new(state, legs, legs[0].Start.Time) { News = news, Turned = legs.Length > 1 }))
        {
            return false;
        }

        _draft.Saved(legs.Length, news.Length);
        return true;
    }

    private async Task<bool> RefoldAsync()
    {
        _refolding = true;
        using (await parts.TakeTurnAsync())
        {
            // What a later write leaves unknown or late while this one reads is not lost on it.
            (var behind, _behind, _late) = (_behind, false, false);
            var late = await parts.Store.LateAsync(vehicleId);
            if (_draft.State is null)
            {
                // Nothing was folded: what came late is folded with the rest, and its mark looked at after that.
                await CatchUpAsync();
                (behind, _late) = (false, _draft.State is not null && late is not null);
            }

            if (late is not null && !_late && !await RepairAsync(late))
            {
                return false;
            }

            if (behind)
            {
                await CatchUpAsync();
            }
        }

        _refolding = false;
        foreach (var fix in _waiting)
        {
            Take(fix);
        }

        _waiting.Clear();
        return true;
    }

    /// <summary>
    /// Folds what is on disk after the head: all of it, or so much that it is written before the rest. A history that was
    /// never folded begins where a tracker may still add to it (docs/adr/0025).
    /// </summary>
    private async Task CatchUpAsync()
    {
        var head = _draft.State?.Head ?? new(parts.Time.GetUtcNow() - parts.Positions.MaxAge, "");
        await foreach (var fix in parts.Store.FixesAfterAsync(vehicleId, head))
        {
            _draft.Fold(fix);
            if (_draft.Legs.Count > LegsAtOnce)
            {
                _behind = true;
                return;
            }
        }
    }

    private async Task<bool> RepairAsync(LateFixes late)
    {
        await others(late);
        var stored = await parts.Store.LegsAroundAsync(vehicleId, late.First);
        var repair = new MotionRepair(parts.Fold, stored, late);
        await foreach (var fix in parts.Store.FixesAfterAsync(vehicleId, repair.After))
        {
            if (repair.Take(fix))
            {
                break;
            }
        }

        // Without a fix nothing is left of it: they were taken away.
        var state = repair.Kept is null ? repair.State : _draft.State;
        NewChange[] news = repair.Changes ? [parts.News.Repaired(vehicleId, repair)] : [];
        var turned = (_draft.State?.Driving ?? false) != (state?.Driving ?? false);
        if (!await _stored.SaveAsync(new(state, [.. repair.Legs], repair.From)
            {
                Replaced = repair.Replaced, Until = repair.Kept?.Start.Time, Repaired = late.Marks, News = news, Turned = turned,
            }))
        {
            return false;
        }

        _draft.Reset(state);
        return true;
    }

    private void Offer()
    {
        if (!IsDirty && _draft.State is { } state)
        {
            _stored.Offer(state);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The motion of vehicle {VehicleId} is not written yet; it is tried again")]
    private static partial void LogNotSettled(ILogger logger, Guid vehicleId, Exception fault);
}
