using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>Columns that may be NULL.</summary>
public static class RowReading
{
    /// <summary>A column's value; null where it is NULL.</summary>
    public static T? Optional<T>(this NpgsqlDataReader row, int column) where T : class =>
        row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    /// <inheritdoc cref="Optional{T}"/>
    public static T? OptionalValue<T>(this NpgsqlDataReader row, int column) where T : struct =>
        row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);
}
