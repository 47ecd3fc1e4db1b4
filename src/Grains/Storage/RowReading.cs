using Npgsql;

namespace ChargeCars.Storage;

/// <summary>Columns that may be NULL.</summary>
public static class RowReading
{
    public static T? Optional<T>(this NpgsqlDataReader row, int column) where T : class =>
        row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    public static T? OptionalValue<T>(this NpgsqlDataReader row, int column) where T : struct =>
        row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);
}
