namespace ChargeCars.Silo.Replay;

/// <summary>
/// One recorded position. A small struct, because a file may hold a million; NaN stands for "not recorded", since a
/// nullable float would take twice the room.
/// </summary>
/// <param name="Time">When it was measured, UTC, as recorded.</param>
/// <param name="Vehicle">Index into <see cref="Trace.Vehicles"/>.</param>
internal readonly record struct Fix(
    DateTime Time,
    double Latitude,
    double Longitude,
    float SpeedKmh,
    float HeadingDegrees,
    float AccuracyMeters,
    float AltitudeMeters,
    int Vehicle);

/// <summary>What one file holds: the fixes of one or more vehicles, in order of time.</summary>
internal sealed class Trace
{
    public Trace(string file, IReadOnlyList<string> vehicles, List<Fix> fixes)
    {
        if (fixes.Count == 0) throw new TraceReadException(file, 0, "holds no position with a time");
        File = file;
        Vehicles = vehicles;
        Fixes = InOrder(fixes);
    }

    public string File { get; }

    /// <summary>Licence plates.</summary>
    public IReadOnlyList<string> Vehicles { get; }

    public IReadOnlyList<Fix> Fixes { get; }

    public DateTime First => Fixes[0].Time;

    public DateTime Last => Fixes[^1].Time;

    private static List<Fix> InOrder(List<Fix> fixes)
    {
        for (var index = 1; index < fixes.Count; index++)
        {
            // The sort must be stable: fixes of the same second stay in the order they were recorded in.
            if (fixes[index].Time < fixes[index - 1].Time) return [.. fixes.OrderBy(fix => fix.Time)];
        }

        return fixes;
    }
}
