using System.Globalization;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>A condition on the rows of a table: what a caller sees of them. Null in its place stands for all.</summary>
/// <param name="Sql">SQL in which <c>{0}</c>, <c>{1}</c>, … stand for the values.</param>
/// <param name="Values">The values; made anew for each statement.</param>
public sealed record ScopeCondition(string Sql, IReadOnlyList<NpgsqlParameter> Values)
{
    /// <summary>No row.</summary>
    public static ScopeCondition Nothing { get; } = new("false", []);

    /// <summary>Adds the values to a statement, and answers the condition as its text has it.</summary>
    public string AddTo(NpgsqlParameterCollection parameters)
    {
        var first = parameters.Count + 1;
        foreach (var value in Values)
        {
            parameters.Add(value);
        }

        return Values.Count == 0
            ? Sql
            : string.Format(CultureInfo.InvariantCulture, Sql, [.. Enumerable.Range(first, Values.Count).Select(n => (object)$"${n}")]);
    }
}

/// <summary>Collects the values of a condition while its text is written.</summary>
public sealed class ScopeText
{
    private readonly List<NpgsqlParameter> _values = [];

    /// <summary>The place of a value in the text.</summary>
    public string Of(NpgsqlParameter value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{{{_values.Count - 1}}}");
    }

    /// <summary>Another condition as a part of this text.</summary>
    public string Of(ScopeCondition part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.Values.Count == 0 ? part.Sql : string.Format(CultureInfo.InvariantCulture, part.Sql, [.. part.Values.Select(value => (object)Of(value))]);
    }

    /// <summary>All of the conditions together; null where there is none, and all rows are seen.</summary>
    public ScopeCondition? All(params IEnumerable<string?> conditions)
    {
        var real = conditions.Where(condition => condition is not null).ToList();
        return real.Count == 0 ? null : new(string.Join(" AND ", real.Select(condition => $"({condition})")), _values);
    }
}
