using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// One vehicle's way from fixes to outcomes: judge, commit, move. A batch need not wait for the commit of the one
/// before, so a vehicle's rate is not bounded by the disk's.
/// </summary>
internal sealed class PositionRecorder(
    Guid vehicleId, NewestPositions newest, PositionWriter writer, RefusalWriter refusalWriter, TimeProvider time, IOptions<PositionOptions> options,
    params IFixFollower[] followers)
{
    private readonly RefusalCount _refusals = new();
    private readonly PositionTracker _tracker = new(vehicleId, options.Value);

    // In the order in which they were judged, which is the order in which the writer commits them.
    private readonly Queue<PositionWrite> _underWay = new();

    /// <summary>The newest position on disk; null before the first.</summary>
    public LivePosition? Live => _tracker.Live;

    /// <summary>Why its fixes were refused last; null where none was.</summary>
    public LastRefusal? LastRefusal => _refusals.Last;

    /// <summary>How old it is, in words.</summary>
    public Freshness Freshness => options.Value.FreshnessOf(Live?.FixTime, time.GetUtcNow());

    /// <summary>Begins where the database says the vehicle was last; answers with all that it says.</summary>
    public async Task<LastKnown> RestoreAsync()
    {
        var known = await newest.FindAsync(vehicleId);
        _tracker.Restore(known.Live);
        _refusals.Restore(known.Refusal, known.Live?.FixTime);
        return known;
    }

    /// <inheritdoc cref="PositionTracker.ForgetDoubt"/>
    public void ForgetDoubt() => _tracker.ForgetDoubt();

    /// <summary>One outcome for each fix, true on return. Throws what <see cref="PositionWriter.WriteAsync(PositionWrite)"/> throws.</summary>
    // One state machine, up to the grain's own answer: each costs a task on the grain's scheduler, for every fix.
    public async Task<Immutable<FixResult[]>> RecordAsync(PositionFix[] fixes, VehicleStatus status, WorkingHours? hours = null)
    {
        var now = time.GetUtcNow();
        var judgement = _tracker.Judge(fixes, now, status, hours);
        // "duplicate" says that it is on disk: true only once the first one is.
        var first = judgement.Repeats && _underWay.Count > 0 ? Task.WhenAll(_underWay.Select(write => write.Completion)) : Task.CompletedTask;
        if (judgement.Store.Length > 0)
        {
            var write = new PositionWrite(vehicleId, judgement.Store, judgement.Suspect, judgement.Live, now, judgement.LateUntil);
            var written = writer.WriteAsync(write);
            _underWay.Enqueue(write);
            try
            {
                if (await written is { } duplicates)
                {
                    judgement.Mark(duplicates);
                }

                if (judgement.Live is { } live)
                {
                    _tracker.Moved(live);
                }
            }
            catch
            {
                _tracker.Undo();
                throw;
            }
            finally
            {
                TellFollowers();
            }
        }

        await first;
        NoteRefusals(judgement, fixes, now);
        return new(judgement.Results);
    }

    private void NoteRefusals(Judgement judgement, PositionFix[] fixes, DateTimeOffset now)
    {
        if (judgement.Store.Length == fixes.Length && !judgement.Corrected)
        {
            _refusals.Taken();
        }
        else if (_refusals.Note(fixes, judgement.Results, now, options.Value))
        {
            refusalWriter.Offer(vehicleId, _refusals.Last!);
        }
    }

    /// <summary>Of what is done, in the order of the commits, whichever answer comes to be read first.</summary>
    private void TellFollowers()
    {
        while (_underWay.TryPeek(out var first) && first.Completion.IsCompleted)
        {
            _underWay.Dequeue();
            foreach (var follower in followers)
            {
                if (first.Completion.IsCompletedSuccessfully)
                {
                    follower.OnStored(first.Fresh());
                }
                else
                {
                    follower.OnOutcomeUnknown();
                }
            }
        }
    }
}
