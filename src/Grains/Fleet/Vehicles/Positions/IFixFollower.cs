namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Who makes something of one vehicle's fixes: its motion, its geofences. Called by <see cref="PositionRecorder"/> on the
/// grain's own thread, between the commit and the answer: it must be quick, wait for nothing and never throw. What it
/// finds it writes in its own time; what a crash keeps it from writing it must find again, from what is on disk.
/// </summary>
internal interface IFixFollower
{
    /// <summary>
    /// Fixes that are newly on disk, each once, in the order of time and source. Most are newer than all before; late ones
    /// are among them, and a follower knows them by the newest that it has seen itself.
    /// </summary>
    void OnStored(ReadOnlySpan<PositionFix> fixes);

    /// <summary>A write's outcome is unknown: fixes may be on disk that this follower will never be told of.</summary>
    void OnOutcomeUnknown();
}

/// <summary>The one order in which a vehicle's fixes are folded, in memory and out of the database alike.</summary>
internal sealed class FixOrder : IComparer<PositionFix>
{
    public static FixOrder Instance { get; } = new();

    public int Compare(PositionFix x, PositionFix y) => x.CompareTo(new(y.FixTime, y.Source));
}

internal static class FixOrderExtensions
{
    /// <summary>Whether a fix comes before (less than 0) or after a key, or is that one.</summary>
    public static int CompareTo(this in PositionFix fix, in FixKey key) =>
        fix.FixTime.CompareTo(key.FixTime) is not 0 and var order ? order : string.CompareOrdinal(fix.Source, key.Source);
}
