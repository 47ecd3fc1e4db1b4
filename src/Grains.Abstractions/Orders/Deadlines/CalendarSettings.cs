using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Deadlines;

/// <summary>When a business entity works, by the clock on the wall in the Netherlands. Deadlines count these hours.</summary>
[GenerateSerializer, Immutable, Alias("calendar-settings")]
public sealed record CalendarSettings
{
    /// <summary>The hours of each weekday.</summary>
    [Id(0)] public WeekHours Hours { get; init; } = WeekHours.Default;

    /// <summary>In which years 5 May is a day off.</summary>
    [Id(1)] public LiberationDayRule LiberationDay { get; init; } = LiberationDayRule.EveryFiveYears;

    /// <summary>Whether Good Friday is a day off; in the Netherlands it usually is not.</summary>
    [Id(2)] public bool IsGoodFridayOff { get; init; }

    /// <summary>Days on which it is closed besides: bouwvak, the days between Christmas and New Year.</summary>
    [Id(3)] public IReadOnlyList<ClosingPeriod> Closings { get; init; } = [];
}

/// <summary>In which years Bevrijdingsdag, 5 May, is a day off.</summary>
[JsonConverter(typeof(WireEnumConverter<LiberationDayRule>))]
public enum LiberationDayRule
{
    /// <summary>In years divisible by five, as most collective agreements have it.</summary>
    EveryFiveYears,

    /// <summary>Every year, as the government has it.</summary>
    EveryYear,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>The hours of each weekday; none where it is a day off.</summary>
[GenerateSerializer, Immutable, Alias("week-hours")]
public sealed record WeekHours
{
    private static readonly IReadOnlyList<HoursOfDay> DefaultDay = [new(new TimeOnly(8, 0), new TimeOnly(17, 0))];

    /// <summary>Monday to Friday, 08:00 to 17:00.</summary>
    public static WeekHours Default { get; } = new()
    {
        Monday = DefaultDay, Tuesday = DefaultDay, Wednesday = DefaultDay, Thursday = DefaultDay, Friday = DefaultDay,
    };

    /// <summary>Monday's hours.</summary>
    [Id(0)] public IReadOnlyList<HoursOfDay> Monday { get; init; } = [];

    /// <summary>Tuesday's hours.</summary>
    [Id(1)] public IReadOnlyList<HoursOfDay> Tuesday { get; init; } = [];

    /// <summary>Wednesday's hours.</summary>
    [Id(2)] public IReadOnlyList<HoursOfDay> Wednesday { get; init; } = [];

    /// <summary>Thursday's hours.</summary>
    [Id(3)] public IReadOnlyList<HoursOfDay> Thursday { get; init; } = [];

    /// <summary>Friday's hours.</summary>
    [Id(4)] public IReadOnlyList<HoursOfDay> Friday { get; init; } = [];

    /// <summary>Saturday's hours.</summary>
    [Id(5)] public IReadOnlyList<HoursOfDay> Saturday { get; init; } = [];

    /// <summary>Sunday's hours.</summary>
    [Id(6)] public IReadOnlyList<HoursOfDay> Sunday { get; init; } = [];

    /// <summary>The hours of a weekday.</summary>
    public IReadOnlyList<HoursOfDay> On(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => Monday,
        DayOfWeek.Tuesday => Tuesday,
        DayOfWeek.Wednesday => Wednesday,
        DayOfWeek.Thursday => Thursday,
        DayOfWeek.Friday => Friday,
        DayOfWeek.Saturday => Saturday,
        _ => Sunday,
    };
}

/// <summary>Hours without a break within one day.</summary>
/// <param name="From">Their beginning.</param>
/// <param name="To">Their end, not included; 00:00 is the end of the day.</param>
[GenerateSerializer, Immutable, Alias("hours-of-day")]
public sealed record HoursOfDay([property: Id(0)] TimeOnly From, [property: Id(1)] TimeOnly To)
{
    /// <summary>Whether they last until the day ends.</summary>
    [JsonIgnore]
    public bool EndsAtMidnight => To == TimeOnly.MinValue;

    /// <summary>How long after midnight they end, by the clock.</summary>
    [JsonIgnore]
    public TimeSpan End => EndsAtMidnight ? TimeSpan.FromDays(1) : To.ToTimeSpan();
}

/// <summary>Days on which nobody works.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them, included.</param>
/// <param name="Name">What it is, such as <c>Bouwvak midden</c>.</param>
[GenerateSerializer, Immutable, Alias("closing-period")]
public sealed record ClosingPeriod([property: Id(0)] DateOnly First, [property: Id(1)] DateOnly Last, [property: Id(2)] string? Name = null);
