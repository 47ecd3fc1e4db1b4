using System.Text.Json;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>What a violated foreign key says in the same words for every kind.</summary>
internal static class Violations
{
    /// <summary>Null where the constraint is not a foreign key: a kind's unique values have names of their own.</summary>
    public static Error? Explain<TState>(PostgresException violation, RowMapping<TState> rows, TState? after) where TState : class, new()
    {
        if (violation.SqlState != PostgresErrorCodes.ForeignKeyViolation)
        {
            return null;
        }

        if (after is null)
        {
            return new Conflict("in_use", $"The {Words(rows.Table)} can't be deleted: {Words(violation.TableName)} still refers to it.");
        }

        // As PostgreSQL names a key that is not named: table_column_fkey.
        var (name, prefix) = (violation.ConstraintName ?? "", $"{violation.TableName}_");
        return name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith("_fkey", StringComparison.Ordinal)
            ? Invalid.Field(JsonNamingPolicy.CamelCase.ConvertName(Pascal(name[prefix.Length..^"_fkey".Length])), "names nothing that exists")
            : null;
    }

    private static string Words(string? table) => (table ?? "another row").Replace('_', ' ');

    private static string Pascal(string column) =>
        string.Concat(column.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
