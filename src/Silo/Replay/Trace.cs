namespace ChargeCars.Silo.Replay;

/// <summary>
/// One recorded position. A small struct, because a file may hold a million; NaN stands for "not recorded", since a
/// nullable float would take twice the room.
/// </summary>
/// <param name="Time">When it was measured, UTC, as recorded.</param>
/// <param name="Vehicle">Index into <see cref="Trace.Vehicles"/>.</param>
/// <param name="Line">Of the file.</param>
internal readonly record struct Fix(
    DateTime Time,
    double Latitude,
    double Longitude,
    float SpeedKmh,
    float HeadingDegrees,
    float AccuracyMeters,
    float AltitudeMeters,
    int Vehicle,
    int Line = 0);

/// <summary>What one file holds: the fixes of one or more vehicles, in order of time.</summary>
internal sealed class Trace
{
    /// <exception cref="TraceReadException">There is no fix.</exception>
    public Trace(string file, IReadOnlyList<string> vehicles, List<Fix> fixes, TraceFaults? faults = null)
    {
        File = file;
        Faults = faults ?? new(file);
        if (fixes.Count == 0) throw Faults.Nothing();
        Vehicles = vehicles;
        Fixes = InOrder(fixes);
        FindTwins();
    }

    /// <summary>What the file holds beside the fixes, and why it is not among them.</summary>
    public TraceFaults Faults { get; }

    public string File { get; }

    /// <summary>Licence plates.</summary>
    public IReadOnlyList<string> Vehicles { get; }

    public IReadOnlyList<Fix> Fixes { get; }

    public DateTime First => Fixes[0].Time;

    public DateTime Last => Fixes[^1].Time;

    // The server keeps the first of those that a vehicle has of a time; the same fix written twice is no loss.
    private void FindTwins()
    {
        var before = new Dictionary<int, Fix>();
        foreach (var fix in Fixes)
        {
            if (before.TryGetValue(fix.Vehicle, out var first) && first.Time == fix.Time)
            {
                if ((first.Latitude, first.Longitude) != (fix.Latitude, fix.Longitude))
                {
                    Faults.Add(fix.Line, $"has the time of line {first.Line} and another place: the first one counts");
                }
            }
            else
            {
                before[fix.Vehicle] = fix;
            }
        }
    }

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
