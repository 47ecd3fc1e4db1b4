namespace ChargeCars.Silo.Demo;

/// <summary>
/// Chance that falls the same way every time: a throw is a number of what it is for, so that nothing depends on the
/// order in which things are asked.
/// </summary>
internal readonly struct Dice
{
    private readonly ulong _state;

    private Dice(ulong state) => _state = state;

    public static Dice Of(int seed) => new(Mix((ulong)seed));

    /// <summary>The dice for something in particular.</summary>
    public Dice For(long what) => new(Mix(_state ^ Mix((ulong)what)));

    /// <summary>From 0 to 1, 1 not included.</summary>
    public double Throw(long what) => (For(what)._state >> 11) * (1.0 / (1UL << 53));

    public double Between(long what, double low, double high) => low + (Throw(what) * (high - low));

    public int Pick(long what, int count) => (int)(Throw(what) * count);

    /// <summary>Around 0, mostly within 1 (a normal distribution).</summary>
    public double Around(long what) =>
        Math.Sqrt(-2 * Math.Log(1 - Throw(what))) * Math.Cos(2 * Math.PI * For(what).Throw(1));

    // SplitMix64's finalizer: every bit of the input reaches every bit of the output.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
