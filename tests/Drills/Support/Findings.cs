namespace ChargeCars.Drills.Support;

/// <summary>What a drill saw, printed as it is seen, and whether all of it is as it must be.</summary>
internal sealed class Findings(TextWriter output)
{
    public int Failures { get; private set; }

    public void Saw(string fact) => output.WriteLine($"       {fact}");

    /// <summary>Something that must hold; said in words that are true where it does.</summary>
    public void Must(bool holds, string fact, Func<string>? whatElse = null)
    {
        output.WriteLine($"{(holds ? "  ok  " : " FAIL ")} {fact}{(holds || whatElse is null ? "" : $": {whatElse()}")}");
        if (!holds)
        {
            Failures++;
        }
    }
}
