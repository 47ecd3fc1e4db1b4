using System.Globalization;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Money.Numbering;

/// <summary>The rules of numbers, without the database.</summary>
public static class NumberDecider
{
    /// <summary>The longest reason that a void takes, in characters.</summary>
    public const int LongestReason = 2_000;

    // Far beyond a year's documents; a counter up there was set by a slip of the keyboard, and the next step would overflow.
    private const int HighestCounter = 1_000_000_000;

    /// <summary>The counter of a year that has no row yet. A prefix that was edited stays in use after New Year.</summary>
    public static NumberCounter Open(NumberSeries series, int year, string? lastYearsPrefix, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), series, year, Version: 0, Current: 0, lastYearsPrefix ?? NumberFormat.DefaultPrefix(series));

    /// <summary>
    /// Whether numbers may be given from this counter; null if so. Once a number was given, the counter, its high-water
    /// mark and the highest number on record are the same, or somebody moved one of them: going on would give a number
    /// twice or leave a gap. Before the year's first number a starting value is the owner of the books' to choose.
    /// </summary>
    public static Conflict? Refusal(NumberCounter counter)
    {
        var sound = counter.HighestGiven is { } highest
            ? counter.Current == highest && counter.MaxReached == highest
            : counter.Current is >= 0 and <= HighestCounter && (counter.MaxReached ?? counter.Current) == counter.Current;
        if (sound && counter.Current <= HighestCounter)
        {
            return null;
        }

        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"The counter of {counter.Series} {counter.Year} was moved by hand: current_sequence is {counter.Current}, max_sequence_reached is {Shown(counter.MaxReached)}, and the highest number given is {Shown(counter.HighestGiven)}. No number is given until they agree. ");
        return new("counter_moved", found + (counter.HighestGiven is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"Set current_sequence and max_sequence_reached to {last} in the number_sequence {counter.Id}.")
            : $"Set max_sequence_reached to NULL and current_sequence to the last number given elsewhere this year, 0 if there is none, in the number_sequence {counter.Id}."));
    }

    /// <summary>The next numbers, one for each owner, in their order.</summary>
    public static NumberAdvance Advance(NumberCounter counter, IReadOnlyCollection<Guid> owners, DateTimeOffset now)
    {
        var numbers = new AssignedNumber[owners.Count];
        var sequence = counter.Current;
        foreach (var owner in owners)
        {
            sequence++;
            numbers[sequence - counter.Current - 1] =
                new(NumberFormat.Of(counter.Prefix, counter.Year, sequence), sequence, counter.Year, owner) { AssignedAt = now };
        }

        var after = counter with
        {
            Version = counter.Version + 1,
            Current = sequence,
            MaxReached = sequence,
            HighestGiven = sequence,
            StoredPrefix = counter.Prefix,
        };
        return new(counter, after, numbers);
    }

    /// <summary>A moment as the database keeps it, so that a number reads the same when it is asked for again.</summary>
    public static DateTimeOffset Moment(DateTimeOffset now) => StoredTime.ToStored(now);

    /// <summary>What an owner is told whose number was given before: the same again, unless it was voided.</summary>
    public static Result<AssignedNumber> Held(AssignedNumber number) => number.VoidedAt is null
        ? number
        : new Conflict("number_voided", $"{number.Number} was given to {number.OwnerId} and voided ({number.VoidReason}). A voided number is never given again, and its owner gets no other: ask with the id of a new document.", "ownerId");

    /// <summary>What is wrong with a request for a number; null if nothing.</summary>
    public static Invalid? Fault(Guid ownerId) => ownerId == Guid.Empty
        ? Invalid.Field("ownerId", "must be the id of the document that gets the number")
        : null;

    /// <summary>What is wrong with a request to void a number, every fault by its field; null if nothing.</summary>
    public static Invalid? Fault(string? number, string? reason)
    {
        var faults = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(number))
        {
            faults["number"] = ["must be the number to void, as printed"];
        }

        var ofReason = string.IsNullOrWhiteSpace(reason) ? "must say why the number is voided; an auditor will read it"
            : reason.Length > LongestReason ? $"must have at most {LongestReason} characters"
            : reason.Contains('\0', StringComparison.Ordinal) ? "must be text without NUL characters"
            : null;
        if (ofReason is not null)
        {
            faults["reason"] = [ofReason];
        }

        return faults.Count == 0 ? null : new(faults);
    }

    private static string Shown(int? sequence) => sequence?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
