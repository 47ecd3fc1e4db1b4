using System.Globalization;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Visits;

/// <summary>What a visit's times must satisfy, by the clock on the wall in the Netherlands. Pure.</summary>
public static class VisitTimes
{
    /// <summary>The shortest visit, minutes.</summary>
    public const int LeastMinutes = 5;

    /// <summary>The longest visit, minutes.</summary>
    public const int MostMinutes = 720;

    /// <summary>A moment as it is kept: whole seconds, UTC. Nobody plans fractions, and a client's clock has them.</summary>
    public static DateTimeOffset Tidy(DateTimeOffset moment)
    {
        var utc = moment.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>
    /// Checks a planned time: both ends or none, the end after the beginning, on one day (midnight may end it), from
    /// <see cref="LeastMinutes"/> to <see cref="MostMinutes"/>.
    /// </summary>
    public static FieldFaults CheckPlanned(this FieldFaults faults, DateTimeOffset? start, DateTimeOffset? end)
    {
        faults
            .Time("scheduledStart", start).Time("scheduledEnd", end)
            .Rule("scheduledStart", start is null && end is not null, "is required with scheduledEnd")
            .Rule("scheduledEnd", end is null && start is not null, "is required with scheduledStart");
        if (start is not { } begins || end is not { } ends || !IsKnown(begins) || !IsKnown(ends))
        {
            return faults;
        }

        var minutes = (ends - begins).TotalMinutes;
        return faults
            .Rule("scheduledEnd", minutes <= 0, "must be after scheduledStart")
            .Rule("scheduledEnd", !IsOnOneDay(begins, ends), "must be on the day of scheduledStart in the Netherlands: plan work over midnight as two visits")
            .Rule("scheduledEnd", minutes is < LeastMinutes or > MostMinutes, Invariant($"must be {LeastMinutes} to {MostMinutes} minutes after scheduledStart, not {minutes:0.#}"));
    }

    /// <summary>Checks what a customer is promised: the end after the beginning, on one day.</summary>
    public static FieldFaults CheckWindow(this FieldFaults faults, DateTimeOffset? start, DateTimeOffset? end)
    {
        faults.Time("windowStart", start).Time("windowEnd", end);
        return start is not { } begins || end is not { } ends || !IsKnown(begins) || !IsKnown(ends)
            ? faults
            : faults
                .Rule("windowEnd", ends <= begins, "must be after windowStart")
                .Rule("windowEnd", !IsOnOneDay(begins, ends), "must be on the day of windowStart in the Netherlands");
    }

    /// <summary>Checks how long a visit is taken to last.</summary>
    public static FieldFaults CheckEstimate(this FieldFaults faults, int? minutes) => faults.Number("estimatedMinutes", minutes, LeastMinutes, MostMinutes);

    /// <summary>
    /// The moment, UTC, at which the clock shows a time. Of a time that it shows twice in autumn, the first; one that it skips
    /// in spring is refused.
    /// </summary>
    public static Result<DateTimeOffset> FromWall(string field, DateOnly date, TimeOnly time) => WallClock.MomentOf(date, time) is { } moment
        ? moment
        : Invalid.Field(field, Invariant($"does not exist: the clock goes from 02:00 to 03:00 on {date:yyyy-MM-dd}"));

    /// <summary>Whether the clock on the wall can be asked; the fault is told already.</summary>
    private static bool IsKnown(DateTimeOffset moment) => moment.UtcDateTime.Year is >= FieldFaults.FirstYear and <= FieldFaults.LastYear;

    private static bool IsOnOneDay(DateTimeOffset start, DateTimeOffset end) =>
        end <= start || WallClock.DateOf(start) == WallClock.DateOf(end.AddTicks(-1));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
