using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage;

/// <summary>Typed positional parameters; a null is NULL of that type.</summary>
public static class Sql
{
    /// <summary>A <c>text</c>; null is NULL, here and below.</summary>
    public static NpgsqlParameter Text(string? value) => Of(NpgsqlDbType.Text, value);

    /// <summary>A word of an enumeration as <c>text</c>, in snake_case.</summary>
    public static NpgsqlParameter Word<T>(T? value) where T : struct, Enum =>
        Of(NpgsqlDbType.Text, value is { } known ? WireText.Of(known) : null);

    /// <summary>JSON text as <c>jsonb</c>.</summary>
    public static NpgsqlParameter Jsonb(string? value) => Of(NpgsqlDbType.Jsonb, value);

    /// <summary>A <c>uuid</c>.</summary>
    public static NpgsqlParameter Uuid(Guid? value) => Of(NpgsqlDbType.Uuid, value);

    /// <summary>An <c>integer</c>.</summary>
    public static NpgsqlParameter Integer(int? value) => Of(NpgsqlDbType.Integer, value);

    /// <summary>A <c>bigint</c>.</summary>
    public static NpgsqlParameter Bigint(long? value) => Of(NpgsqlDbType.Bigint, value);

    /// <summary>A <c>double precision</c>.</summary>
    public static NpgsqlParameter Double(double? value) => Of(NpgsqlDbType.Double, value);

    /// <summary>A <c>boolean</c>.</summary>
    public static NpgsqlParameter Bool(bool? value) => Of(NpgsqlDbType.Boolean, value);

    /// <summary>A <c>date</c>.</summary>
    public static NpgsqlParameter Date(DateOnly? value) => Of(NpgsqlDbType.Date, value);

    /// <summary>A <c>timestamptz</c>; sent as UTC.</summary>
    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(NpgsqlDbType.TimestampTz, value);

    /// <summary>A <c>bytea</c>.</summary>
    public static NpgsqlParameter Bytes(byte[]? value) => Of(NpgsqlDbType.Bytea, value);

    /// <summary>An array of a type.</summary>
    public static NpgsqlParameter Array<T>(NpgsqlDbType type, T[]? value) => Of(NpgsqlDbType.Array | type, value);

    /// <summary>One column of many rows, as an array for <c>unnest</c>.</summary>
    public static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    /// <summary>
    /// Lets go of a large command's values once it has run. A connection remembers its last command until its next one, and
    /// with it the values: long enough for the collector to take them for lasting.
    /// </summary>
    public static void LetGo(NpgsqlCommand command) => command.Parameters.Clear();

    private static NpgsqlParameter Of(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
