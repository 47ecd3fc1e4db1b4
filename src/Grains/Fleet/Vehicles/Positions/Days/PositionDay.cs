using ChargeCars.Platform.Storage;
using System.Globalization;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>A UTC day of fixes: the partition of <c>vehicle_position</c> that holds it.</summary>
internal readonly record struct PositionDay(DateOnly Date)
{
    /// <summary>The partitioned table.</summary>
    public const string Table = "vehicle_position";

    /// <summary>
    /// The advisory lock of the session that drops days or settles one. For both: neither may find a partition that the
    /// other is about to take away.
    /// </summary>
    public const long LockKey = 0x4343_5041_5254;

    /// <summary>The partition's name.</summary>
    public string Partition => string.Create(CultureInfo.InvariantCulture, $"{Table}_{Date:yyyyMMdd}");

    /// <summary>Its first moment, as SQL writes it.</summary>
    public string From => Midnight(Date);

    /// <summary>The moment that it ends before, as SQL writes it.</summary>
    public string Until => Midnight(Date.AddDays(1));

    /// <summary>The moment that it ends before.</summary>
    public DateTimeOffset End => new(Date.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The day that a moment is in.</summary>
    public static PositionDay Of(DateTimeOffset moment) => new(DateOnly.FromDateTime(moment.UtcDateTime));

    /// <summary>Every day from that of one moment to that of another.</summary>
    public static IEnumerable<PositionDay> Range(DateTimeOffset from, DateTimeOffset until)
    {
        var first = Of(from).Date;
        return Enumerable.Range(0, Of(until).Date.DayNumber - first.DayNumber + 1).Select(day => new PositionDay(first.AddDays(day)));
    }

    /// <summary>The day that a partition holds; null where the name is no partition's.</summary>
    public static PositionDay? Parse(string partition) =>
        partition.StartsWith(Table + "_", StringComparison.Ordinal)
        && DateOnly.TryParseExact(
            partition.AsSpan(Table.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new(date)
            : null;

    private static string Midnight(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"'{day:yyyy-MM-dd} 00:00:00+00'");
}
