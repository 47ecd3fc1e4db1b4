using System.Collections.Frozen;
using System.Globalization;

namespace ChargeCars.Money.Numbering;

/// <summary>How a number is printed: prefix, year, hyphen, sequence, as in <c>CC-INV-2026-00042</c>.</summary>
public static class NumberFormat
{
    private static readonly FrozenDictionary<BusinessEntity, string> Entities = new Dictionary<BusinessEntity, string>
    {
        [BusinessEntity.Chargecars] = "CC",
        [BusinessEntity.Laderthuis] = "LTH",
        [BusinessEntity.Meterkastthuis] = "MKH",
        [BusinessEntity.Zaptecshop] = "ZTS",
        [BusinessEntity.Ratioshop] = "RTS",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<NumberType, string> Types = new Dictionary<NumberType, string>
    {
        [NumberType.Order] = "ORD",
        [NumberType.Quote] = "QUO",
        [NumberType.Invoice] = "INV",
        [NumberType.Visit] = "VIS",
    }.ToFrozenDictionary();

    /// <summary>The prefix of a series that nobody gave another one.</summary>
    public static string DefaultPrefix(NumberSeries series) => $"{Entities[series.BusinessEntity]}-{Types[series.NumberType]}-";

    /// <summary>A number as printed; five digits, and more when a year needs more.</summary>
    public static string Of(string prefix, int year, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{year}-{sequence:D5}");
}
