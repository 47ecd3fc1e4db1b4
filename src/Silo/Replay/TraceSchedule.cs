namespace ChargeCars.Silo.Replay;

/// <summary>One fix with its new times.</summary>
/// <param name="SendAt">Not to be sent before this.</param>
/// <param name="FixTime">Never later than <paramref name="SendAt"/>: no server takes it for a fix from the future.</param>
internal readonly record struct ScheduledFix(DateTimeOffset SendAt, DateTimeOffset FixTime, string Vehicle, Fix Fix);

/// <summary>
/// When each fix of some traces is sent and which time it then carries. Played at speed N, a trace of duration D takes
/// D/N; its fixes keep their original spacing, and the last one is "now" when it is sent. All files start together,
/// whenever they were recorded; but files that share a vehicle keep the distance between them, for a vehicle is in one
/// place at a time.
/// </summary>
internal sealed class TraceSchedule
{
    // More than any recording: a mistaken time column, or unrelated recordings under one plate.
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(3653);

    private readonly List<(Trace Trace, Timeline Timeline)> _parts = [];
    private readonly decimal _speed;

    /// <param name="traces">At least one.</param>
    /// <param name="speed">At least 1: slower than recorded, the spacing would put fixes into the future.</param>
    public TraceSchedule(IReadOnlyList<Trace> traces, decimal speed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(speed, 1);
        _speed = speed;
        foreach (var traceGroup in SharingVehicles(traces))
        {
            var timeline = new Timeline(traceGroup.Min(trace => trace.First), traceGroup.Max(trace => trace.Last));
            if (timeline.Duration > LongestSpan)
            {
                throw new ReplayException(
                    $"{string.Join(", ", traceGroup.Select(trace => trace.File))}: from {timeline.First:yyyy-MM-dd} to {timeline.Last:yyyy-MM-dd} "
                    + "is no single recording. Is it the right time column? Unrelated files of one vehicle are replayed one after the other.");
            }

            _parts.AddRange(traceGroup.Select(trace => (trace, timeline)));
        }

        Vehicles = [.. traces.SelectMany(trace => trace.Vehicles).Distinct(StringComparer.OrdinalIgnoreCase)];
        Count = traces.Sum(trace => (long)trace.Fixes.Count);
        Duration = _parts.Max(part => WallTime(part.Timeline.Duration));
    }

    public IReadOnlyList<string> Vehicles { get; }

    public long Count { get; }

    /// <summary>Wall time from the first send to the last.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The fixes in the order they are sent; each vehicle's in the order they were recorded.</summary>
    public IEnumerable<ScheduledFix> StartingAt(DateTimeOffset start)
    {
        // Merged as they are asked for: a second list of a million fixes would only cost memory.
        var heads = new PriorityQueue<(int Part, int Index), (TimeSpan SendAfter, int Part)>();
        for (var part = 0; part < _parts.Count; part++) Enqueue(part, 0);
        while (heads.TryDequeue(out var head, out var due))
        {
            var (trace, timeline) = _parts[head.Part];
            var fix = trace.Fixes[head.Index];
            var end = Microseconds(start + WallTime(timeline.Duration));
            yield return new ScheduledFix(start + due.SendAfter, end - (timeline.Last - fix.Time), trace.Vehicles[fix.Vehicle], fix);
            Enqueue(head.Part, head.Index + 1);
        }

        void Enqueue(int part, int index)
        {
            var (trace, timeline) = _parts[part];
            if (index < trace.Fixes.Count) heads.Enqueue((part, index), (WallTime(trace.Fixes[index].Time - timeline.First), part));
        }
    }

    // In decimal, rounded down: a double can't tell neighbouring ticks apart in a trace of decades, and a fix that is
    // one tick early would be in the future.
    private TimeSpan WallTime(TimeSpan recorded) => TimeSpan.FromTicks((long)(recorded.Ticks / _speed));

    // The precision of the wire and of the database: cut once here, it can't change the spacing later.
    private static DateTimeOffset Microseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static List<List<Trace>> SharingVehicles(IReadOnlyList<Trace> traces)
    {
        var groups = new List<List<Trace>>();
        foreach (var trace in traces)
        {
            var joined = groups.FindAll(group => group.Exists(other => other.Vehicles.Intersect(trace.Vehicles, StringComparer.OrdinalIgnoreCase).Any()));
            groups.RemoveAll(joined.Contains);
            groups.Add([.. joined.SelectMany(group => group), trace]);
        }

        return groups;
    }

    private sealed record Timeline(DateTime First, DateTime Last)
    {
        public TimeSpan Duration => Last - First;
    }
}
