using System.Collections.Frozen;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// How the values of a sort column stand in a cursor, and how they are read back: a cursor is a client's to change, and what
/// is no value of the column must not reach the database.
/// </summary>
internal sealed record SortValues(Func<NpgsqlDataReader, int, string> Write, Func<string, NpgsqlParameter?> Read)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly FrozenDictionary<string, SortValues> ByType = new Dictionary<string, SortValues>
    {
        ["text"] = new(
            (row, column) => row.GetString(column),
            text => StorableText.Fault(text) is null ? Sql.Text(text) : null),
        ["timestamptz"] = new(
            (row, column) => row.GetFieldValue<DateTime>(column).ToString("O", Invariant),
            text => DateTime.TryParseExact(text, "O", Invariant, DateTimeStyles.RoundtripKind, out var time) && time.Kind == DateTimeKind.Utc
                ? Sql.Time(time)
                : null),
        ["date"] = new(
            (row, column) => row.GetFieldValue<DateOnly>(column).ToString("O", Invariant),
            text => DateOnly.TryParseExact(text, "O", Invariant, DateTimeStyles.None, out var date) ? Sql.Date(date) : null),
        ["integer"] = new(
            (row, column) => row.GetInt32(column).ToString(Invariant),
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var number) ? Sql.Integer(number) : null),
        ["bigint"] = new(
            (row, column) => row.GetInt64(column).ToString(Invariant),
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var number) ? Sql.Bigint(number) : null),
        ["numeric"] = new(
            (row, column) => row.GetDecimal(column).ToString(Invariant),
            text => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, Invariant, out var number)
                ? new NpgsqlParameter<decimal> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Numeric }
                : null),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those of a column's type. Throws <see cref="ArgumentException"/> for one that is not known here.</summary>
    public static SortValues Of(string sqlType) => ByType.GetValueOrDefault(sqlType)
        ?? throw new ArgumentException($"A list can't be sorted by a column of type {sqlType}; there are {string.Join(", ", ByType.Keys)}.", nameof(sqlType));
}
