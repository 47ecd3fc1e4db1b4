using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Storage;

/// <summary>Typed positional parameters; a null is NULL of that type.</summary>
public static class Sql
{
    public static NpgsqlParameter Text(string? value) => Of(NpgsqlDbType.Text, value);

    public static NpgsqlParameter Word<T>(T? value) where T : struct, Enum =>
        Of(NpgsqlDbType.Text, value is { } known ? WireText.Of(known) : null);

    public static NpgsqlParameter Jsonb(string? value) => Of(NpgsqlDbType.Jsonb, value);

    public static NpgsqlParameter Uuid(Guid? value) => Of(NpgsqlDbType.Uuid, value);

    public static NpgsqlParameter Integer(int? value) => Of(NpgsqlDbType.Integer, value);

    public static NpgsqlParameter Bigint(long? value) => Of(NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter Double(double? value) => Of(NpgsqlDbType.Double, value);

    public static NpgsqlParameter Bool(bool? value) => Of(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Date(DateOnly? value) => Of(NpgsqlDbType.Date, value);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(NpgsqlDbType.TimestampTz, value);

    public static NpgsqlParameter Bytes(byte[]? value) => Of(NpgsqlDbType.Bytea, value);

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, T[]? value) => Of(NpgsqlDbType.Array | type, value);

    private static NpgsqlParameter Of(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
