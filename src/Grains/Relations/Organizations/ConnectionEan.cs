namespace ChargeCars.Relations.Organizations;

/// <summary>The EAN of a connection to the electricity or gas grid: 18 digits, the last one GS1's check digit.</summary>
public static class ConnectionEan
{
    /// <summary>As it is kept: digits only.</summary>
    public static string Normalized(string text) => CodeText.Compact(text);

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text) => Normalized(text) switch
    {
        var code when !CodeText.IsNumber(code, 18) => "must be the EAN of a grid connection: 18 digits",
        var code when code[^1] != CheckDigit(code.AsSpan(0, 17)) =>
            "must be the EAN of a grid connection: its check digit does not agree, so a digit is mistyped",
        _ => null,
    };

    /// <summary>GS1's check digit: from the right the digits count three times and once by turns.</summary>
    internal static char CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
