namespace ChargeCars.Relations.Organizations;

/// <summary>The number of a Dutch legal person (RSIN): 9 digits that pass the 11-test.</summary>
public static class Rsin
{
    /// <summary>As it is kept: digits only.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text) => Normalized(text) switch
    {
        var number when !CodeText.IsNumber(number, 9) => "must be an RSIN: 9 digits",
        var number when !PassesElevenTest(number) => "must be an RSIN: its digits do not pass the 11-test, so one of them is mistyped",
        _ => null,
    };

    /// <summary>Whether 9·d₁ + 8·d₂ + … + 2·d₈ − d₉ is divisible by 11, for nine ASCII digits.</summary>
    internal static bool PassesElevenTest(ReadOnlySpan<char> digits)
    {
        var sum = -(digits[8] - '0');
        for (var i = 0; i < 8; i++)
        {
            sum += (9 - i) * (digits[i] - '0');
        }

        return sum % 11 == 0;
    }
}
