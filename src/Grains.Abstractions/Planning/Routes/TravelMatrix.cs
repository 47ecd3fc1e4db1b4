namespace ChargeCars.Planning.Routes;

/// <summary>The drives from some places to others, in whole seconds and metres by road.</summary>
public sealed class TravelMatrix
{
    /// <summary>
    /// The seconds of a drive for which there is no way: more than any working day, and little enough that a route's sum of
    /// them is still a number.
    /// </summary>
    public const int Unreachable = 1_000_000;

    private readonly int _columns;
    private readonly int[] _seconds;
    private readonly int[] _meters;

    /// <summary>Takes the values row by row: from the first place to every other, then from the second.</summary>
    /// <param name="from">How many starts there are.</param>
    /// <param name="to">How many destinations there are.</param>
    /// <param name="seconds">Seconds of every drive, or <see cref="Unreachable"/>.</param>
    /// <param name="meters">Metres of every drive.</param>
    public TravelMatrix(int from, int to, int[] seconds, int[] meters)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seconds.Length, from * to);
        ArgumentOutOfRangeException.ThrowIfNotEqual(meters.Length, from * to);
        (From, _columns, _seconds, _meters) = (from, to, seconds, meters);
    }

    /// <summary>How many starts there are.</summary>
    public int From { get; }

    /// <summary>How many destinations there are.</summary>
    public int To => _columns;

    /// <summary>Seconds by road; <see cref="Unreachable"/> where there is no way.</summary>
    public int Seconds(int from, int to) => _seconds[(from * _columns) + to];

    /// <summary>Metres by road.</summary>
    public int Meters(int from, int to) => _meters[(from * _columns) + to];

    /// <summary>Whether there is a way.</summary>
    public bool IsReachable(int from, int to) => Seconds(from, to) < Unreachable;
}
