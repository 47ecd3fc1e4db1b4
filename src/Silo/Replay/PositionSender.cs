namespace ChargeCars.Silo.Replay;

/// <summary>Sends a schedule's fixes when they are due: what has become due in the meantime goes in one request.</summary>
internal sealed class PositionSender(IngestClient client, TimeProvider time, IReplayDisplay display)
{
    /// <summary>Fixes a request; far below what the server takes, so that its answers stay quick.</summary>
    public const int LargestBatch = 500;

    // A timer takes at most 49 days, and a clock that is set forward should be noticed.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <param name="tally">Kept up to date while sending, so that it also tells what a broken-off replay has sent.</param>
    public async Task SendAsync(TraceSchedule schedule, ReplayTally tally, CancellationToken cancellation)
    {
        var start = time.GetUtcNow();
        var batch = new List<ScheduledFix>(LargestBatch);
        using var fixes = schedule.StartingAt(start).GetEnumerator();
        var more = fixes.MoveNext();
        while (more)
        {
            await UntilAsync(fixes.Current.SendAt, cancellation);
            var now = time.GetUtcNow();
            batch.Clear();
            while (more && batch.Count < LargestBatch && fixes.Current.SendAt <= now)
            {
                batch.Add(fixes.Current);
                more = fixes.MoveNext();
            }

            var before = tally.UnknownVehicles.ToHashSet(StringComparer.OrdinalIgnoreCase);
            tally.Add(batch, await client.SendPositionsAsync(batch, cancellation));
            display.Show(tally);
            foreach (var plate in tally.UnknownVehicles.Except(before)) display.UnknownVehicle(plate);
            if (tally.UnknownVehicles.Count == schedule.Vehicles.Count && tally.Stored == 0)
            {
                throw new ReplayException("Stopped: the server knows none of the vehicles.");
            }
        }
    }

    private async Task UntilAsync(DateTimeOffset due, CancellationToken cancellation)
    {
        while (due - time.GetUtcNow() is var remaining && remaining > TimeSpan.Zero)
        {
            // A timer may fire up to a millisecond early; waiting a whole one spares a busy loop.
            var delay = TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds));
            await Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, cancellation);
        }
    }
}
