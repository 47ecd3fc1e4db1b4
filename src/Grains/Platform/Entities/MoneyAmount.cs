namespace ChargeCars.Platform.Entities;

/// <summary>Amounts of money in euros, as the schema's <c>numeric(10,2)</c> holds them.</summary>
public static class MoneyAmount
{
    /// <summary>The largest amount that fits; its negative is the smallest.</summary>
    public const decimal Largest = 99_999_999.99m;

    /// <summary>Whether the amount fits <c>numeric(10,2)</c> without rounding.</summary>
    public static bool Fits(decimal amount) => IsInRange(amount) && Round(amount) == amount;

    /// <summary>Whether the amount, rounded or not, is within the bounds of <c>numeric(10,2)</c>.</summary>
    public static bool IsInRange(decimal amount) => amount is >= -Largest and <= Largest;

    /// <summary>Whole cents, written as such (5.00); half a cent goes away from zero, so that a credit mirrors its invoice.</summary>
    public static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;

    /// <summary>
    /// An amount as it is read back from its column, 5 as 5.00, so that sending it again changes nothing; one of fractions of a cent is
    /// left to be refused.
    /// </summary>
    public static decimal Normalized(decimal amount) => Fits(amount) ? Round(amount) : amount;
}
