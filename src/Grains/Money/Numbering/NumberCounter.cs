namespace ChargeCars.Money.Numbering;

/// <summary>The counter of one year: a row of <c>number_sequence</c> as last read or written, or one yet to be made.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Series">Whose numbers it counts.</param>
/// <param name="Year">The business year.</param>
/// <param name="Version">The row's version; 0 where there is no row yet.</param>
/// <param name="Current">The last sequence given, or the starting value that the row was prepared with.</param>
/// <param name="Prefix">What this year's numbers begin with.</param>
public sealed record NumberCounter(Guid Id, NumberSeries Series, int Year, long Version, int Current, string Prefix)
{
    /// <summary>The prefix as the row has it; null in a row that was made by hand without one.</summary>
    public string? StoredPrefix { get; init; }

    /// <summary>The row's high-water mark; null before the first number.</summary>
    public int? MaxReached { get; init; }

    /// <summary>The highest sequence in <c>number_assignment</c>; null before the first number.</summary>
    public int? HighestGiven { get; init; }

    /// <summary>The year's first number makes the row.</summary>
    public bool IsNew => Version == 0;
}

/// <summary>Numbers for owners of whom none is known to have one, and the counter as it is once they are given.</summary>
public sealed record NumberAdvance(NumberCounter Before, NumberCounter After, IReadOnlyList<AssignedNumber> Numbers);
